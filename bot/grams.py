"""What a sparse model counts in a text: words, pairs of words, and pieces of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from bot.places import fold


class Grams(NamedTuple):
    """``words`` takes a text apart, ``of_word`` names what counts in each word.

    With ``pairs``, two words that follow each other count as well.
    """

    words: Callable[[str], list[str]]
    of_word: Callable[[str], Iterable[str]]
    pairs: bool

    def between(self, words: list[str]) -> list[str]:
        """Return what counts besides the words."""
        return [f"{first} {second}" for first, second in pairwise(words)] if self.pairs else []

    def of(self, text: str) -> list[str]:
        """Return all that counts in a text.

        >>> TOPIC.of("Visa H2")[:3], TOPIC.of("Visa H2")[-1]
        (['visa', ' v', ' vi'], 'visa h2')
        """
        words = self.words(text)
        return [*(gram for word in words for gram in self.of_word(word)), *self.between(words)]


def pieces(word: str, shortest: int, longest: int) -> Iterator[str]:
    """Yield the parts of a word, its edges marked by blanks.

    >>> list(pieces("ok", 2, 3))
    [' o', ' ok', 'ok', 'ok ', 'k ']
    """
    padded = f" {word} "
    for start in range(len(padded)):
        for end in range(start + shortest, min(start + longest, len(padded)) + 1):
            yield padded[start:end]


def _folded(text: str) -> list[str]:
    return fold(text).split()


def _of_topic(word: str) -> Iterator[str]:
    yield word
    yield from pieces(word, 2, 5)


def _of_language(word: str) -> Iterator[str]:
    yield f"={word}"
    yield from pieces(word, 1, 4)


# By these a topic is recognised; spelling marks do not count.
TOPIC = Grams(_folded, _of_topic, pairs=True)
# By these a language is; accents count: they tell Portuguese from Spanish.
LANGUAGE = Grams(str.split, _of_language, pairs=False)
