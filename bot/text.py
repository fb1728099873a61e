"""Text as people write it and as networks carry it: cleaning, splitting, numbered lists.

Pure. What is particular to SMS is in ``bot/sms.py``; formatting marks are in ``bot/marks.py``.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable, Sequence

MAX_INBOUND = 4096  # characters of one message that we keep
_BASE64 = re.compile(r"[A-Za-z0-9+/]{58,}={0,2}")

# Direction overrides can make a text read differently from what it says; zero-width
# characters hide a leading slash. Neither is visible, so nothing a person meant is lost.
_INVISIBLE = re.compile("[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_JOINER = "\u200d"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# Where a long text is cut, best place first: paragraph, line, sentence, clause, word.
_BREAKS = tuple(
    re.compile(pattern)
    for pattern in (r"\n\s*\n", r"\n", r"(?<=[.!?…。؟])[\"'»)]*\s+", r"(?<=[,;:])\s+", r"\s+")
)


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a person's text fit for storing, and what was done to it ("truncated", "decoded").

    >>> clean("  ¡Ayuda!\\r\\n\\u202e ")
    ('¡Ayuda!', ())
    """
    flags: list[str] = []
    text = _LONE_SURROGATE.sub("\ufffd", text)
    decoded = _from_base64(text.strip())
    if decoded is not None:
        text = decoded
        flags.append("decoded")
    text = _INVISIBLE.sub(_unless_in_emoji, text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > MAX_INBOUND:
        text = text[:MAX_INBOUND].rstrip()
        flags.append("truncated")
    return text, tuple(flags)


def for_rasa(text: str) -> str:
    """Return ``text`` so that Rasa takes it for words.

    Rasa obeys any text that begins with a slash (``/restart``, ``/affirm{"slot": 1}``), and
    strips white space first, so a leading space would not protect.

    >>> for_rasa(" //affirm")
    '／/affirm'
    """
    bare = text.strip()
    return "／" + bare[1:] if bare.startswith("/") else bare


def utf16_units(text: str) -> int:
    """Return the length of ``text`` as Telegram, WhatsApp and UCS-2 count it."""
    return len(text) + sum(char > "\uffff" for char in text)


def split(text: str, limit: int, size: Callable[[str], int] = len) -> list[str]:
    """Return ``text`` in parts of at most ``limit``, cut where a reader would pause.

    Every part is trimmed; words keep their order, and only a word longer than a whole part is
    cut. ``size`` must grow with its text.

    >>> split("One. Two three.", 10)
    ['One.', 'Two three.']
    """
    return [text[start:end] for start, end in spans(text, lambda a, b: size(text[a:b]) <= limit)]


def spans(text: str, fits: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """Return where to cut ``text`` so that ``fits(start, end)`` holds for every piece."""
    found: list[tuple[int, int]] = []
    start, stop = _trim(text, 0, len(text))
    while start < stop:
        end = _longest(start, stop, fits)
        if end < stop:
            end = _break_before(text, start, end)
        piece = _trim(text, start, end)
        if piece[0] < piece[1]:
            found.append(piece)
        start, _ = _trim(text, end, stop)
    return found


def numbered(titles: Sequence[str]) -> str:
    """Return the choices as lines that can be answered by their number.

    >>> numbered(["Sí", "No"])
    '1. Sí\\n2. No'
    """
    return "\n".join(f"{number}. {title}" for number, title in enumerate(titles, 1))


def shorten(text: str, limit: int) -> str:
    """Return ``text`` within ``limit`` characters, cut at a word and marked with "…".

    >>> shorten("Hablar con alguien de confianza", 20)
    'Hablar con alguien…'
    """
    if len(text) <= limit:
        return text
    words = text[:limit].rsplit(" ", 1)[0] if " " in text[:limit] else text[: limit - 1]
    return words[: limit - 1].rstrip(" ,.;:") + "…"


def fold(text: str) -> str:
    """Return ``text`` without case and accents, to compare what people type.

    >>> fold("ARRÊT") == fold("arret")
    True
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def _from_base64(text: str) -> str | None:
    """Some carriers hand over joined SMS as base64: at least 60 characters, no blanks."""
    if len(text) < 60 or len(text) % 4 or not _BASE64.fullmatch(text):
        return None
    try:
        decoded = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return decoded if sum(char.isascii() for char in decoded) * 2 >= len(decoded) else None


def _unless_in_emoji(found: re.Match[str]) -> str:
    """Keep a joiner between two pictures: without it a family falls apart into people."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    joins = found.group() == _JOINER and before and after
    if joins and _is_picture(before) and _is_picture(after):
        return _JOINER
    return ""


def _is_picture(char: str) -> bool:
    return unicodedata.category(char) in {"So", "Sk"} or char == "\ufe0f"


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _longest(start: int, stop: int, fits: Callable[[int, int], bool]) -> int:
    """Return the furthest end that fits; at least one character, or nothing would ever end."""
    if fits(start, stop):
        return stop
    low, high = start + 1, stop
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(start, middle) else (low, middle)
    return low


def _break_before(text: str, start: int, end: int) -> int:
    """Return the best place to cut at or before ``end``: not in the first third, if possible."""
    earliest = start + (end - start) // 3
    window = text[start : end + 1]
    for pattern in _BREAKS:
        for found in reversed(list(pattern.finditer(window))):
            # The blank may lie just behind the end: the piece before it still fits.
            if earliest <= start + found.start() <= end and found.start() > 0:
                return start + found.start()
    for found in reversed(list(re.finditer(r"\s", window))):
        if found.start() > 0:
            return start + found.start()
    while end - start > 1 and (unicodedata.combining(text[end]) or text[end] == _JOINER):
        end -= 1
    return end
