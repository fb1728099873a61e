"""Takes a message apart where a second question may begin."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.places import fold

LEAST_WORDS = 3  # fewer ask nothing by themselves
_END = re.compile(r"(?<=[.?!;])\s+|\n+")


def clauses(text: str, joins: Iterable[str]) -> list[str]:
    """Return the parts of a text that are long enough to be questions of their own.

    A part ends with a sentence, or before one of ``joins``, which are folded.

    >>> clauses("¿Dónde duermo hoy? y cómo saco el pasaporte", [])
    ['¿Dónde duermo hoy?', 'y cómo saco el pasaporte']
    >>> clauses("como pido asilo y también cuanto vale el pasaporte", ["y tambien"])
    ['como pido asilo', 'y también cuanto vale el pasaporte']
    >>> clauses("Hola. ¿Cómo pido asilo?", [])
    ['¿Cómo pido asilo?']
    """
    known = sorted(map(str.split, joins), key=len, reverse=True)
    parts = [part for sentence in _END.split(text) for part in _divided(sentence, known)]
    return [part for part in parts if len(fold(part).split()) >= LEAST_WORDS]


def _divided(sentence: str, joins: list[list[str]]) -> list[str]:
    words = sentence.split()
    plain = [fold(word) for word in words]
    starts = [0]
    for place in range(LEAST_WORDS, len(words)):
        if place - starts[-1] >= LEAST_WORDS and any(
            plain[place : place + len(join)] == join for join in joins
        ):
            starts.append(place)
    ends = [*starts[1:], len(words)]
    return [" ".join(words[start:end]) for start, end in zip(starts, ends, strict=True)]
