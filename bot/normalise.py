"""How people really type, made readable for a model: case, invisible characters, elongations."""

from __future__ import annotations

import re
import unicodedata

# Zero-width characters, direction marks, soft hyphen, variation selectors.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")


def tidy(text: str) -> str:
    """Return text in lower case, composed, without invisible characters or elongations.

    >>> tidy("HOLAAAA,  ¿qué\\u200b tal?")
    'hola, ¿qué tal?'
    """
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return " ".join(_ELONGATED.sub(r"\1", visible).split())
