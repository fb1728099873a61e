"""A reply, turned into Telegram's calls: HTML, inline buttons, files and places."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.choices import menu, page
from bot.marks import as_html, plain
from bot.messages import Choice, Media, OutboundMessage, Quiz
from bot.text import utf16_units
from channels.base import Call

logger = logging.getLogger(__name__)

LONGEST, CAPTION = 4096, 1024  # UTF-16 units
PAGE = 8  # choices under one message
WIDE = 20  # characters; one longer title puts every button in its own row
ROW = 30  # characters of titles that a phone shows side by side
PER_ROW = 8
DATA = 64  # bytes behind a button
POINTER = "👇"
QUESTION, OPTION, OPTIONS = 300, 100, range(2, 11)  # of a poll: characters, characters, how many

_FILES = {"image": ("sendPhoto", "photo"), "voice": ("sendVoice", "voice")}


def calls_for(address: str, message: OutboundMessage, most: int = PAGE) -> list[Call]:
    """Return the calls that say ``message``; the buttons hang on the last one."""
    chat = {"chat_id": int(address)}
    if message.quiz and (poll := _poll(chat, message, message.quiz)):
        before = message.text.replace(message.quiz.question, "").strip()
        return [*(_say(chat, text) for text in as_html(before, LONGEST)), poll]
    texts = as_html(message.text, LONGEST)
    calls: list[Call] = []
    captioned = bool(message.media) and len(texts) == 1 and utf16_units(texts[0]) <= CAPTION
    if not captioned:
        calls += [_say(chat, text) for text in texts]
    for number, media in enumerate(message.media):
        caption = {"caption": texts[0], "parse_mode": "HTML"} if captioned and number == 0 else {}
        calls.append(_file(chat, media, caption))
    if message.location:
        calls.append(_place(chat, message))
    buttons = keyboard((*page(menu(message), most, message.more_title), *_links(message.choices)))
    if buttons:
        if not calls:
            calls = [_say(chat, text) for text in as_html(message.prompt or POINTER, LONGEST)]
        calls[-1].params["reply_markup"] = {"inline_keyboard": buttons}
    return calls


def keyboard(choices: Sequence[Choice]) -> list[list[dict[str, str]]]:
    """Return the rows of buttons: one in a row if any is long, because short rows read easier."""
    buttons = [button for button in map(_button, choices) if button]
    if any(len(button["text"]) > WIDE for button in buttons):
        return [[button] for button in buttons]
    rows: list[list[dict[str, str]]] = []
    for button in buttons:
        width = sum(len(other["text"]) for other in rows[-1]) if rows else ROW
        if width + len(button["text"]) <= ROW and len(rows[-1]) < PER_ROW:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def usable(url: str) -> bool:
    """Return whether Telegram takes a link behind a button; one bad link spoils the message.

    >>> [usable(u) for u in ("https://example.org/ok", "http://localhost/k", "example.org")]
    [True, False, False]
    """
    if any(char.isspace() for char in url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme == "tg":
        return bool(host)
    if parts.scheme not in ("http", "https"):
        return False
    name, dot, top = host.rpartition(".")
    return _is_ip(host) or bool(
        dot and name and len(top) >= 2 and not top.isdigit() and top.isalnum()
    )


def _say(chat: dict[str, int], text: str) -> Call:
    return Call("sendMessage", {**chat, "text": text, "parse_mode": "HTML"})


def _file(chat: dict[str, int], media: Media, more: dict[str, Any]) -> Call:
    method, field = _FILES.get(media.type, ("sendDocument", "document"))
    return Call(method, {**chat, field: media.url, **more})


def _poll(chat: dict[str, int], message: OutboundMessage, quiz: Quiz) -> Call | None:
    """Return a quiz of Telegram's own, None if it would not fit.

    Not anonymous, because only such a poll tells the bot what was taken; the chat is private.
    https://core.telegram.org/bots/api#sendpoll
    """
    question, options = plain(quiz.question), [plain(choice.title) for choice in message.choices]
    fits = 0 < len(question) <= QUESTION and all(0 < len(o) <= OPTION for o in options)
    if not fits or len(options) not in OPTIONS or quiz.question not in message.text:
        return None
    asked = {
        "question": question,
        "options": options,
        "type": "quiz",
        "correct_option_ids": [quiz.right],
        "is_anonymous": False,
    }
    return Call("sendPoll", {**chat, **asked}, tuple(choice.payload for choice in message.choices))


def as_buttons(poll: Call) -> Call:
    """Return a poll as a message with buttons, for a chat that takes no polls."""
    said = _say({"chat_id": poll.params["chat_id"]}, as_html(poll.params["question"], LONGEST)[0])
    options = zip(poll.params["options"], poll.payloads, strict=True)
    buttons = keyboard([Choice(title, payload) for title, payload in options])
    said.params["reply_markup"] = {"inline_keyboard": buttons}
    return said


def _place(chat: dict[str, int], message: OutboundMessage) -> Call:
    place = message.location
    assert place is not None  # noqa: S101 - the caller looked
    return Call("sendLocation", {**chat, "latitude": place.lat, "longitude": place.lon})


def _links(choices: Sequence[Choice]) -> list[Choice]:
    found = []
    for choice in choices:
        if choice.url and usable(choice.url):
            found.append(choice)
        elif choice.url:
            logger.warning("telegram.link_dropped reason=unusable")
    return found


def _button(choice: Choice) -> dict[str, str] | None:
    if choice.url:
        return {"text": plain(choice.title), "url": choice.url}
    if len(choice.payload.encode()) > DATA:
        logger.error("telegram.button_dropped reason=payload_too_long")
        return None
    return {"text": plain(choice.title), "callback_data": choice.payload}


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
