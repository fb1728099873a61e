"""Telegram's addresses: /bot<token>/<method> with form, JSON or multipart bodies, and files."""

from __future__ import annotations

import hmac
import inspect
import json
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.simulator.provider import form, json_object
from channels.simulator.telegram_bot import Bot
from channels.simulator.telegram_errors import TelegramRefusal, bad
from channels.simulator.telegram_methods import Methods

# Parameters that forms carry as JSON.
_NESTED = frozenset(
    [
        "reply_markup",
        "entities",
        "caption_entities",
        "allowed_updates",
        "commands",
        "scope",
        "reply_parameters",
        "link_preview_options",
        "options",
        "correct_option_ids",
    ]
)
_METHODS = {
    name.lower(): name
    for name in dir(Methods)
    if name.startswith(("get", "send", "set", "delete", "answer", "edit"))
}


def routes(blueprint: Blueprint, bot: Bot) -> None:
    """Add Telegram's addresses below /simulator/telegram."""
    base, methods = "/simulator/telegram", Methods(bot)

    @blueprint.exception(TelegramRefusal)
    async def refuse(request: Request, refusal: TelegramRefusal) -> HTTPResponse:
        return refusal.answer()

    def admit(token: str) -> None:
        known = bot.config.telegram_token
        live = bool(known) and bot.config.state("telegram") == "live"
        if not live or not hmac.compare_digest(token.encode(), known.encode()):
            raise TelegramRefusal(401)

    @blueprint.route(
        f"{base}/<bot_token:str>/<method:str>", methods=["GET", "POST"], name="telegram"
    )
    async def call(request: Request, bot_token: str, method: str) -> HTTPResponse:
        if not bot_token.startswith("bot"):
            raise TelegramRefusal(404)
        admit(bot_token.removeprefix("bot").replace("%3A", ":"))
        name = _METHODS.get(method.lower())
        if name is None:
            raise TelegramRefusal(404)
        result = getattr(methods, name)(parameters(request))
        if inspect.isawaitable(result):
            result = await result
        return response.json({"ok": True, "result": result})

    @blueprint.get(f"{base}/file/<bot_token:str>/<path:path>", name="telegram_file")
    async def file(request: Request, bot_token: str, path: str) -> HTTPResponse:
        admit(bot_token.removeprefix("bot").replace("%3A", ":"))
        for stored, found in bot.paths.values():
            if stored == path:
                return response.raw(found.content, content_type="application/octet-stream")
        raise TelegramRefusal(404)

    @blueprint.get("/simulator/media/<id_:str>", name="simulator_media")
    async def media(request: Request, id_: str) -> HTTPResponse:
        found = bot.files.get(id_)
        if found is None:
            return response.empty(404)
        headers = {"X-Content-Type-Options": "nosniff"}
        return response.raw(found.content, content_type=found.mime, headers=headers)


def parameters(request: Request) -> dict[str, Any]:
    """Return a call's parameters, uploaded files as bytes; raise ``TelegramRefusal``."""
    found: dict[str, Any] = {name: values[0] for name, values in request.args.items()}
    if "json" in request.content_type:
        body = json_object(request)
        if body is None:
            raise bad("can't parse JSON object")
        return found | body
    if "multipart" in request.content_type:
        found |= {name: values[0] for name, values in (request.form or {}).items()}
        files = {name: values[0].body for name, values in (request.files or {}).items()}
        found |= files
        # PTB names an upload by reference and sends it under that name.
        for name, value in found.items():
            if isinstance(value, str) and value.startswith("attach://"):
                found[name] = files.get(value.removeprefix("attach://"))
    else:
        found |= {name: values[0] for name, values in form(request).items()}
    for name in _NESTED & found.keys():
        if isinstance(found[name], str):
            try:
                found[name] = json.loads(found[name]) if found[name] else None
            except ValueError:
                raise bad(f"can't parse {name} JSON object") from None
    return found
