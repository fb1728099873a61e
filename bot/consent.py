"""Stop and start words: the one place that decides whether a text is an opt-out.

Pure. The words are content (``data/stopwords/<language>.yml``). Only a text that *is* a stop
word counts; one that contains it ("no puedo parar de pensar") does not, because stopping
someone's messages by mistake cuts them off from help.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from bot.text import fold

Consent = Literal["stop", "start"]
Words = Mapping[str, Iterable[str]]  # "stop" and "start" -> words of every language

_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_HINT = 4  # words: in a longer text "alto" is a price and "rete" is to stay
_SHORTEST_WITH_TYPO = 6  # shorter words are one letter away from too many others


def recognise(text: str, words: Words) -> Consent | None:
    """Return what the text asks for, or None.

    >>> words = {"stop": ["ARRÊT", "parar", "opt out"], "start": ["alta"]}
    >>> recognise("¡arret!", words), recognise("ALTA.", words), recognise("no parar", words)
    ('stop', 'start', None)
    """
    said = normal(text)
    if not said:
        return None
    stop, start = ({_word(word) for word in words.get(kind, ())} for kind in ("stop", "start"))
    if said in stop:
        return "stop"
    if said in start:
        return "start"
    # A typo is only forgiven towards stopping: nobody is signed up by a slip.
    near = (word for word in stop if len(word) >= _SHORTEST_WITH_TYPO)
    return "stop" if any(_one_slip(said, word) for word in near) else None


def mentions(text: str, words: Words) -> bool:
    """Return whether a stop word stands inside a longer text: a hint to ask, never an opt-out.

    >>> mentions("quiero parar los mensajes", {"stop": ["parar"]})
    True
    >>> mentions("el precio ya no puede parar de subir", {"stop": ["parar"]})
    False
    """
    said = f" {normal(text)} "
    short = len(said.split()) <= _HINT
    stops = (word for word in map(_word, words.get("stop", ())) if word)
    return any(f" {word} " in said for word in stops if short or " " in word)


@lru_cache(maxsize=2)  # asked once for each language about the message at hand
def normal(text: str) -> str:
    """Return ``text`` as it is compared: no case, accents, doubled blanks or outer punctuation."""
    return " ".join(_EDGES.sub("", fold(text)).split())


@lru_cache(maxsize=4096)
def _word(word: str) -> str:
    """The same for a listed word, which every message is compared with."""
    return normal(word)


def _one_slip(said: str, word: str) -> bool:
    """One letter wrong, missing or doubled, or two neighbours swapped; the first one is right."""
    if said[:1] != word[:1] or abs(len(said) - len(word)) > 1:
        return False
    start = 0
    while start < min(len(said), len(word)) and said[start] == word[start]:
        start += 1
    left, right = said[start:], word[start:]
    if len(said) == len(word):
        swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
        return left[1:] == right[1:] or swapped
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter
