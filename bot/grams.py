"""What a sparse model counts in a text: words, pairs of words, and pieces of words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.places import fold


def topic_grams(text: str) -> Iterator[str]:
    """Yield the features by which a topic is recognised; spelling marks do not count.

    >>> list(topic_grams("Visa"))[:3]
    ['visa', ' v', ' vi']
    """
    words = fold(text).split()
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"
    for word in words:
        yield from pieces(word, 2, 5)


def language_grams(text: str) -> Iterator[str]:
    """Yield the features by which a language is recognised: words, and pieces of 1 to 4 letters.

    Accents count: they tell Portuguese from Spanish.
    """
    for word in text.split():
        yield f"={word}"
        yield from pieces(word, 1, 4)


def pieces(word: str, shortest: int, longest: int) -> Iterator[str]:
    """Yield the parts of a word, its edges marked by blanks.

    >>> list(pieces("ok", 2, 3))
    [' o', ' ok', 'ok', 'ok ', 'k ']
    """
    padded = f" {word} "
    for start in range(len(padded)):
        for end in range(start + shortest, min(start + longest, len(padded)) + 1):
            yield padded[start:end]
