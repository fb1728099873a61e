"""A Telegram that knows only what aiogram's models say; run in its own virtual environment.

``python telegram_judge.py PORT``. A call is checked against the model of its method, which is
generated from Telegram's documentation: missing, wrong and unknown fields are refused, and so
are the documented limits that types cannot hold. ``GET /calls`` returns what was asked.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import aiogram.methods
from aiohttp import web
from pydantic import ValidationError

METHODS = {
    cls.__api_method__.lower(): cls
    for cls in vars(aiogram.methods).values()
    if isinstance(getattr(cls, "__api_method__", None), str)
}
TEXTS = ("text", "caption", "callback_query_id", "secret_token", "url", "file_id")
ME = {"id": 700000001, "is_bot": True, "first_name": "Faro", "username": "FaroTestBot"}

calls: list[dict[str, Any]] = []


def refused(description: str) -> web.Response:
    body = {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}
    return web.json_response(body, status=400)


async def parameters(request: web.Request) -> dict[str, Any]:
    """Return the form; Telegram takes nested values as JSON."""
    given: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        given[name] = value
        if isinstance(value, str) and name not in TEXTS:
            try:
                given[name] = json.loads(value)
            except ValueError:
                continue
    return given


def unknown(model: Any, path: str = "") -> Iterator[str]:
    """Yield the fields that no model knows."""
    if isinstance(model, (list, tuple)):
        for number, item in enumerate(model):
            yield from unknown(item, f"{path}[{number}]")
    elif hasattr(model, "model_fields_set"):
        yield from (f"{path}.{name}" for name in model.model_extra or {})
        for name in model.model_fields_set:
            yield from unknown(getattr(model, name, None), f"{path}.{name}")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def limits(method: str, given: dict[str, Any]) -> Iterator[str]:
    """Yield what Telegram's documentation forbids and its types allow."""
    if method == "sendMessage" and not 1 <= units(given["text"]) <= 4096:
        yield "message is empty or too long"
    if method == "sendPoll" and not 1 <= units(given["question"]) <= 300:
        yield "question is empty or too long"
    for option in given.get("options", []):
        text = option["text"] if isinstance(option, dict) else option
        if not 1 <= units(text) <= 100:
            yield "option is empty or too long"
    if units(given.get("caption", "")) > 1024:
        yield "caption is too long"
    rows = (given.get("reply_markup") or {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        yield "too many buttons"
    for button in buttons:
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            yield "BUTTON_DATA_INVALID"
    for command in given.get("commands", []):
        name = command["command"]
        plain = name.replace("_", "").isalnum() and name.isascii() and name == name.lower()
        if not (plain and 1 <= len(name) <= 32 and 1 <= len(command["description"]) <= 256):
            yield "BOT_COMMAND_INVALID"


def answer(method: str, given: dict[str, Any]) -> Any:
    """Return what a Telegram that is content would answer."""
    if method == "getMe":
        return ME
    if method == "getMyCommands":
        return []
    if method.startswith("send") and method != "sendChatAction":
        chat = {"id": given["chat_id"], "type": "private"}
        return {"message_id": len(calls), "date": int(time.time()), "chat": chat, "from": ME}
    return True


async def call(request: web.Request) -> web.Response:
    model = METHODS.get(request.match_info["method"].lower())
    if model is None:
        return refused("no such method")
    given = await parameters(request)
    method = model.__api_method__
    calls.append({"method": method, "params": given})
    try:
        checked = model.model_validate(given)
    except ValidationError as error:
        return refused("; ".join(f"{e['loc']} {e['msg']}" for e in error.errors())[:500])
    wrong = [f"unknown field {name}" for name in unknown(checked)] + list(limits(method, given))
    if wrong:
        return refused("; ".join(wrong))
    return web.json_response({"ok": True, "result": answer(method, given)})


async def asked(_: web.Request) -> web.Response:
    return web.json_response(calls)


def main() -> None:
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", call)
    app.router.add_get("/calls", asked)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)


if __name__ == "__main__":
    main()
