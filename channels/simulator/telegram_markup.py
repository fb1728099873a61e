"""Keyboards below and behind Telegram messages, checked as Telegram checks them.

https://core.telegram.org/bots/api#inlinekeyboardmarkup
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from channels.simulator.telegram_errors import bad

MOST, PER_ROW, DATA = 100, 8, 64  # buttons, buttons in a row, bytes
_ACTIONS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text")


@dataclass
class Markup:
    """``inline`` hangs on the message; ``keyboard`` replaces the keys; ``remove`` takes it away."""

    inline: list[list[dict[str, Any]]] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    remove: bool = False


def read(markup: Any) -> Markup:
    """Return a reply markup; raise ``TelegramRefusal`` for one that Telegram would not take."""
    if markup in (None, "", {}):
        return Markup()
    if not isinstance(markup, dict):
        raise bad("can't parse reply keyboard markup JSON object")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"])
        return Markup(inline=[[_inline(button) for button in row] for row in rows])
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"])
        return Markup(keyboard=[[_key(button) for button in row] for row in rows])
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return Markup(remove=bool(markup.get("remove_keyboard")))
    raise bad("object expected as reply markup")


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > MOST:
        raise bad("reply markup is too long")
    return [row for row in rows if row]


def _inline(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if not any(button.get(action) is not None for action in _ACTIONS):
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= DATA:
        raise bad("BUTTON_DATA_INVALID")
    if button.get("url") is not None and not _is_link(str(button["url"])):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return {
        "title": button["text"],
        "payload": str(button.get("callback_data") or ""),
        "url": str(button.get("url") or ""),
    }


def _key(button: Any) -> dict[str, Any]:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not button.get("text"):
        raise bad('can\'t parse keyboard button: Field "text" must be non-empty')
    return {"title": button["text"], "location": bool(button.get("request_location"))}


def _is_link(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if any(char.isspace() for char in url):
        return False
    return parts.scheme == "tg" or (parts.scheme in ("http", "https") and "." in host)
