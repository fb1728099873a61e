"""Messages as people type them, made comparable: folded words, chat short forms, like sounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.text import fold

MAX_WORDS = 1200  # of one message; more than any channel carries
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
# "jajaja", "kkkk", "rsrs" and laughing faces all read "lol", the one word rules need to know.
_LAUGHTER = re.compile(
    "\\b(?:([hj][aei])\\1+[hj]?|k{2,}|(?:rs){2,}|lo+l+|lmf?ao+|mdr+|xd+|ptdr)\\b"
    "|[\U0001f602\U0001f923\U0001f605\U0001f606\U0001f639\U0001f60d]+"
)
_APOSTROPHES = re.compile("(?<=\\w)['\u2019\u02bc`\u00b4](?=\\w)")
# A word, an emoji that stands for one, or the end of a clause.
_PIECE = re.compile("[^\\W_]+|\U0001f198|[.,;:!?\u00a1\u00bf\u2026\n]+")
_DOUBLED = re.compile(r"(\D)\1+")  # an age of 55 is not one of 5


class Words(NamedTuple):
    """The words of a message; ``stops`` are the places before which a clause ends, ``asked``
    those before which a question does.
    """

    words: list[str]
    stops: frozenset[int]
    asked: frozenset[int] = frozenset()


@lru_cache(maxsize=2)  # two questions are asked about the message at hand
def plain(text: str) -> str:
    """Return text folded, with elongations cut to one letter and laughter made a word.

    >>> plain("AUXILIOOOO mi hijó jajaj")
    'auxilio mi hijo  lol '
    """
    return _ELONGATED.sub(r"\1", _LAUGHTER.sub(" lol ", fold(text)))


def read(folded: str, apostrophe: str, short_forms: Mapping[str, Sequence[str]]) -> Words:
    """Return the words of a text that ``plain`` has folded, short forms written out.

    >>> read("q paso, no se", " ", {"q": ["que"]})
    Words(words=['que', 'paso', 'no', 'se'], stops=frozenset({2}), asked=frozenset())
    """
    words: list[str] = []
    stops: set[int] = set()
    asked: set[int] = set()
    for piece in _PIECE.findall(_APOSTROPHES.sub(apostrophe, folded)):
        if piece[0].isalnum() or piece == "\U0001f198":
            words.extend(short_forms.get(piece) or (piece,))
            if len(words) >= MAX_WORDS:
                break
        else:
            stops.add(len(words))
            if "?" in piece:
                asked.add(len(words))
    return Words(words, frozenset(stops), frozenset(asked))


def sound_of(changes: Sequence[str]) -> Callable[[str], str]:
    """Return how a word sounds, after changes written ``"spelled > heard"``, applied in order.

    A change that ends in ``$`` is made at the end of a word only.

    >>> sound_of(["qu > k", "v > b", "s$ > "])("quiosvvos")
    'kiosbo'
    """
    pairs = [
        (spelled.strip(), heard.strip())
        for spelled, _, heard in (change.partition(">") for change in changes)
    ]

    def sound(word: str) -> str:
        for spelled, heard in pairs:
            if spelled.endswith("$"):
                if word.endswith(spelled[:-1]) and len(word) > len(spelled):
                    word = word[: 1 - len(spelled)] + heard
            elif spelled in word:
                word = word.replace(spelled, heard)
        return _DOUBLED.sub(r"\1", word)

    return sound
