"""What an SMS costs, and how to spell so that it costs less.

The alphabet and the counting are those of Twilio's own calculator (npm
``sms-segments-calculator``); ``make wire`` compares the two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.text import utf16_units

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # these count twice

# Twilio stops sending to whoever writes one of these, and says so to the person itself. Nothing
# a person may have to answer with is called so, in any language.
# https://help.twilio.com/articles/223134027
CARRIER_STOP = frozenset(
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]
)
CARRIER_START = frozenset(("start", "unstop"))
RESERVED = CARRIER_STOP | CARRIER_START | {"yes", "help", "info"}

# Typographic signs that would make the whole text dear, and what says the same.
_PLAIN = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
        "‹": "<", "›": ">", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "−": "-",
        "…": "...", "•": "-", "·": "-", "‣": "-", "●": "-", "\t": " ",
        "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u2002": " ",
        "\u2003": " ", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\u00ad": "",
        "ª": "a", "º": "o", "×": "x", "⁄": "/",
    }
)  # fmt: skip
_LETTERS = str.maketrans({"œ": "oe", "Œ": "OE", "ﬁ": "fi", "ﬂ": "fl", "ł": "l", "Ł": "L", "đ": "d"})


@dataclass(frozen=True)
class SmsSize:
    """What a carrier bills: segments of 160/153 septets or 70/67 UTF-16 units."""

    encoding: Literal["GSM-7", "UCS-2"]
    segments: int


def sms_size(text: str) -> SmsSize:
    """Return encoding and number of segments of ``text``.

    One letter outside the GSM alphabet makes the whole text UCS-2. What reads as one sign (an
    emoji of several characters, too) is never cut, so a segment may end early.

    >>> sms_size("está"), sms_size("esta").encoding
    (SmsSize(encoding='UCS-2', segments=1), 'GSM-7')
    """
    if all(char in _BASIC or char in _EXTENDED for char in text):
        return SmsSize("GSM-7", _segments([1 + (char in _EXTENDED) for char in text], 160, 153))
    return SmsSize("UCS-2", _segments([utf16_units(sign) for sign in _signs(text)], 70, 67))


def cheap(text: str, alphabet: Literal["native", "gsm"] = "native") -> str:
    """Return ``text`` with typographic signs made plain; with "gsm" also without dear accents.

    "gsm" keeps what the alphabet has (ñ é ü ¿ ¡ à è ì ò ù) and may blur words (él/el), so
    staff choose it per campaign and see the preview.

    >>> cheap("«está»"), cheap("¿Dónde está la niña?", "gsm")
    ('"está"', '¿Donde esta la niña?')
    """
    text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    if alphabet == "native":
        return text
    return "".join(char if char in _BASIC else _base(char) for char in text.translate(_LETTERS))


def _base(char: str) -> str:
    """Return the letter without its accent, if that is in the alphabet; else the same."""
    bare = "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))
    return bare if bare and all(c in _BASIC for c in bare) else char


def _signs(text: str) -> Iterator[str]:
    """Yield what a reader sees as one sign: a letter with its accents, an emoji, a flag."""
    sign = ""
    for char in text:
        flag = "\U0001f1e6" <= char <= "\U0001f1ff" and len(sign) == 1 and sign >= "\U0001f1e6"
        flag = flag and sign <= "\U0001f1ff"
        extends = unicodedata.category(char) in ("Mn", "Me", "Mc") or char == "\u200d"
        extends = extends or "\U0001f3fb" <= char <= "\U0001f3ff"
        joined = sign.endswith("\u200d") and unicodedata.category(char) == "So"
        if sign and (flag or extends or joined):
            sign += char
        else:
            if sign:
                yield sign
            sign = char
    if sign:
        yield sign


def _segments(sizes: list[int], single: int, several: int) -> int:
    if sum(sizes) <= single:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > several:
            count, used = count + 1, 0
        used += size
    return count
