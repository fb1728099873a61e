"""Word-for-word glosses of a language that the sentence encoder does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.places import fold

_TOKEN = re.compile(r"\w+|[^\w\s]")


def read_glosses(lines: Iterable[str]) -> dict[str, str]:
    """Return word -> gloss from lines of ``word = gloss, word = gloss``; ``#`` opens a comment.

    A word is also found when its accents are left out, unless that is another word.

    >>> read_glosses(["# Creole", "mèsi = merci, m = je"])
    {'mèsi': 'merci', 'm': 'je', 'mesi': 'merci'}
    """
    pairs = [
        entry.split(" = ", 1)
        for line in lines
        if line.strip() and not line.startswith("#")
        for entry in line.strip().split(", ")
    ]
    glosses = {word.strip(): gloss.strip() for word, gloss in pairs}
    for word, gloss in list(glosses.items()):
        glosses.setdefault(fold(word), gloss)
    return glosses


def gloss(text: str, glosses: Mapping[str, str]) -> str:
    """Return a tidied text with every word that has a gloss replaced by it.

    >>> gloss("mèsi, faro", {"mèsi": "merci"})
    'merci , faro'
    """
    found = _TOKEN.findall(text)
    return " ".join(glosses.get(word) or glosses.get(fold(word)) or word for word in found)
