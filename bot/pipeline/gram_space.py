"""Texts as weighted counts of grams: trained with scipy's matrices, read with dictionaries."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np

from bot.grams import Grams

_UNKNOWN = -1
# Words whose grams are looked up once; most of what people write is some hundreds of words.
_MOST_KEPT = 4_000


class GramSpace:
    """Tf-idf weighted vectors of length 1 over a vocabulary of grams.

    Grams outside the vocabulary make a vector shorter, by ``unseen`` of what they would weigh:
    what is spelled unlike everything known is like nothing in spelling.
    """

    def __init__(
        self, grams: Grams, vocabulary: Sequence[str], weights: np.ndarray, unseen: float = 0.0
    ) -> None:
        # Several spaces have most of their grams in common: each is in memory once.
        self.vocabulary = {sys.intern(gram): place for place, gram in enumerate(vocabulary)}
        self.weights = weights  # (grams,) float32: how telling each gram is
        self._grams = grams
        self._unseen = unseen * float(weights.max(initial=0.0)) ** 2
        self._places: dict[str, np.ndarray] = {}  # of the grams of a word

    @classmethod
    def learn(
        cls, grams: Grams, texts: Sequence[str], rarest: int, unseen: float = 0.0
    ) -> tuple[GramSpace, Any]:
        """Return the space of the grams found in ``rarest`` texts or more, and the texts in it.

        The texts are a CSR matrix (texts, grams).
        """
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(grams.of(text)))
        kept = sorted(gram for gram, times in seen.items() if times >= rarest)
        weights = [np.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in kept]
        space = cls(grams, kept, np.array(weights, dtype=np.float32), unseen)
        return space, space._matrix(texts)

    def _matrix(self, texts: Iterable[str]) -> Any:
        from scipy.sparse import csr_matrix

        rows = [self.read(text) for text in texts]
        ends = np.cumsum([0, *(len(places) for places, _ in rows)])
        values = np.concatenate([values for _, values in rows])
        places = np.concatenate([places for places, _ in rows])
        return csr_matrix((values, places, ends), shape=(len(rows), len(self.weights)))

    def read(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of a text's grams in the vocabulary, and their values."""
        words = self._grams.words(text)
        pairs = self._look_up(self._grams.between(words))
        found = np.concatenate([pairs, *map(self._of_word, words)])
        known = found[found != _UNKNOWN]
        if not len(known):
            return known, np.empty(0, dtype=np.float32)
        places, times = np.unique(known, return_counts=True)
        values = (1 + np.log(times.astype(np.float32))) * self.weights[places]
        length = float(values @ values) + self._unseen * (len(found) - len(known))
        return places, values / np.float32(np.sqrt(length))

    def _of_word(self, word: str) -> np.ndarray:
        places = self._places.get(word)
        if places is None:
            places = self._look_up(self._grams.of_word(word))
            # Only words of the phrases: nobody's name stays in memory.
            if places[0] != _UNKNOWN and len(self._places) < _MOST_KEPT:
                self._places[word] = places
        return places

    def _look_up(self, grams: Iterable[str]) -> np.ndarray:
        return np.array(list(map(self.vocabulary.get, grams, repeat(_UNKNOWN))), dtype=np.int64)
