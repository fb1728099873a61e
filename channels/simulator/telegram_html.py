"""Telegram's HTML: what it understands, and how it refuses the rest.

https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from bot.text import utf16_units
from channels.simulator.telegram_errors import bad

_STYLES = {
    "b": "bold", "strong": "bold",
    "i": "italic", "em": "italic",
    "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link",
}  # fmt: skip
_TAG = re.compile(r"<(?P<end>/)?(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>[^>]*)>")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", re.IGNORECASE)
# Only these names are understood; any other "&" stands for itself.
_NAMED = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")

Run = tuple[str, list[str], str]


@dataclass
class Formatted:
    """A text after its tags were read: plain, as entities for bots and as runs for the page."""

    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


@dataclass
class _Open:
    name: str
    style: str
    start: int  # UTF-16 units before it
    link: str


def read(source: str) -> Formatted:
    """Return a text with its tags understood; raise ``TelegramRefusal`` as Telegram would.

    >>> read("<b>1 &lt; 2</b>").text
    '1 < 2'
    """
    found, position = Formatted(), 0
    stack: list[_Open] = []
    while position < len(source):
        if source[position] != "<":
            end = source.find("<", position)
            end = len(source) if end < 0 else end
            _add(found, _NAMED.sub(lambda m: html.unescape(m.group()), source[position:end]), stack)
            position = end
            continue
        tag = _TAG.match(source, position)
        offset = len(source[:position].encode())
        if tag is None:
            raise _unreadable(f"Unclosed or unsupported start tag at byte offset {offset}")
        if tag["end"]:
            _close(found, stack, tag["name"].lower(), offset)
        else:
            stack.append(_opened(tag, offset, utf16_units(found.text)))
        position = tag.end()
    if stack:
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    found.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return found


def plain(text: str) -> Formatted:
    """Return a text without formatting."""
    return Formatted(text, [], [(text, [], "")] if text else [])


def _opened(tag: re.Match[str], offset: int, start: int) -> _Open:
    name = tag["name"].lower()
    spoiler = name != "span" or "tg-spoiler" in tag["rest"]
    if name not in _STYLES or not spoiler:
        raise _unreadable(f'Unsupported start tag "{name}" at byte offset {offset}')
    href = _HREF.search(tag["rest"]) if name == "a" else None
    link = html.unescape(next(filter(None, href.groups()), "")) if href else ""
    return _Open(name, _STYLES[name], start, link)


def _close(found: Formatted, stack: list[_Open], name: str, offset: int) -> None:
    if not stack:
        raise _unreadable(f"Unexpected end tag at byte offset {offset}")
    opened = stack.pop()
    if opened.name != name:
        raise _unreadable(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened.name}>",'
            f' found "</{name}>"'
        )
    length = utf16_units(found.text) - opened.start
    if length and (opened.style != "text_link" or opened.link):
        entity: dict[str, Any] = {"type": opened.style, "offset": opened.start, "length": length}
        found.entities.append(entity | ({"url": opened.link} if opened.link else {}))


def _add(found: Formatted, text: str, stack: list[_Open]) -> None:
    if text:
        found.text += text
        link = next((opened.link for opened in reversed(stack) if opened.link), "")
        found.runs.append((text, [opened.style for opened in stack], link))


def _unreadable(what: str) -> Exception:
    return bad(f"can't parse entities: {what}")
