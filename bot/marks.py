"""Formatting marks: ``**bold**``, ``_italic_``, ``~~struck~~``, shown as each network can.

Staff and translators write these three. Everything else in a text is literal, also what looks
like another network's formatting.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.text import spans, utf16_units

# A mark opens before and closes after a visible character, and not inside a word: "a_b_c" and
# "2 ** 3" stay as they are.
_MARKS = re.compile(
    r"\*\*(?=\S)(?P<bold>.+?)(?<=\S)\*\*"
    r"|(?<![\w_])_(?=[^\s_])(?P<italic>.+?)(?<=[^\s_])_(?![\w_])"
    r"|~~(?=\S)(?P<struck>.+?)(?<=\S)~~",
    re.DOTALL,
)
_WHATSAPP = {"bold": "*", "italic": "_", "struck": "~"}
_TAGS = {"bold": "b", "italic": "i", "struck": "s"}
_LIVE = re.compile(r"[*_~`]+")

Styles = tuple[str, ...]


@dataclass(frozen=True)
class Styled:
    """A text without marks, and the styles of each of its characters, outermost first."""

    text: str
    styles: tuple[Styles, ...]

    def runs(self, start: int, end: int) -> list[tuple[str, Styles]]:
        """Return the stretches of equal style between two places."""
        found: list[tuple[str, Styles]] = []
        for char, styles in zip(self.text[start:end], self.styles[start:end], strict=True):
            if found and found[-1][1] == styles:
                found[-1] = (found[-1][0] + char, styles)
            else:
                found.append((char, styles))
        return found


def read(text: str) -> Styled:
    """Return ``text`` with its marks understood.

    >>> read("**Sí**, _a_").text
    'Sí, a'
    """
    chars: list[str] = []
    styles: list[Styles] = []
    _read(text, (), chars, styles)
    return Styled("".join(chars), tuple(styles))


def plain(text: str) -> str:
    """Return ``text`` for SMS: marks removed.

    >>> plain("**Importante**: _hoy_")
    'Importante: hoy'
    """
    return read(text).text


def as_whatsapp(text: str, limit: int) -> list[str]:
    """Return ``text`` in parts within ``limit``, with WhatsApp's marks, closed in every part.

    >>> as_whatsapp("**Importante**: _hoy_", 1600)
    ['*Importante*: _hoy_']
    """
    return _parts(text, limit, _whatsapp_run)


def as_html(text: str, limit: int) -> list[str]:
    """Return ``text`` in parts within ``limit`` as Telegram's HTML, tags closed in every part.

    >>> as_html("**1 < 2**", 4096)
    ['<b>1 &lt; 2</b>']
    """
    return _parts(text, limit, _html_run)


def literal(value: str) -> str:
    """Return a person's own words for use inside a text: no character of them formats.

    >>> literal("*Ana* _x_")
    'Ana x'
    """
    return _LIVE.sub("", value)


def _read(text: str, outer: Styles, chars: list[str], styles: list[Styles]) -> None:
    position = 0
    for found in _MARKS.finditer(text):
        before = text[position : found.start()]
        chars.extend(before)
        styles.extend([outer] * len(before))
        style = found.lastgroup or ""
        _read(found[style], (*outer, style), chars, styles)
        position = found.end()
    rest = text[position:]
    chars.extend(rest)
    styles.extend([outer] * len(rest))


def _parts(text: str, limit: int, run: Callable[[str, Styles], str]) -> list[str]:
    styled = read(text)

    def render(start: int, end: int) -> str:
        return "".join(run(*stretch) for stretch in styled.runs(start, end))

    cuts = spans(styled.text, lambda start, end: utf16_units(render(start, end)) <= limit)
    return [render(start, end) for start, end in cuts]


def _whatsapp_run(text: str, styles: Styles) -> str:
    # WhatsApp ignores a mark beside a blank, so blanks stay outside.
    core = text.strip()
    if not core or not styles:
        return text
    marks = "".join(_WHATSAPP[style] for style in styles)
    return text.replace(core, f"{marks}{core}{marks[::-1]}", 1)


def _html_run(text: str, styles: Styles) -> str:
    text = html.escape(text, quote=False)
    for style in reversed(styles):
        text = f"<{_TAGS[style]}>{text}</{_TAGS[style]}>"
    return text
