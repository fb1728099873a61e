"""Telegram's refusals, in its own words and JSON.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanic import response
from sanic.response import HTTPResponse

_NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
}


class TelegramRefusal(Exception):
    """A call that Telegram answers with an error; ``parameters`` go along with it."""

    def __init__(self, code: int, what: str = "", **parameters: Any) -> None:
        self.code = code
        self.description = f"{_NAMES[code]}: {what}" if what else _NAMES[code]
        self.parameters = parameters
        super().__init__(self.description)

    def answer(self) -> HTTPResponse:
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return response.json(body, self.code)


def whole(params: Mapping[str, Any], name: str, usual: int = 0) -> int:
    """Return a parameter that must be a whole number; raise ``TelegramRefusal`` if it is not."""
    try:
        return int(params.get(name) or usual)
    except (TypeError, ValueError):
        raise bad(f"invalid {name} specified") from None


def bad(what: str) -> TelegramRefusal:
    """Return the refusal of a call that makes no sense."""
    return TelegramRefusal(400, what)
