"""Texts as weighted counts of grams: trained with scipy's matrices, read with dictionaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

Grams = Callable[[str], Iterable[str]]


class GramSpace:
    """Tf-idf weighted vectors of length 1 over a vocabulary of grams.

    Grams outside the vocabulary make a vector shorter, by ``unseen`` of what they would weigh:
    what is spelled unlike everything known is like nothing in spelling.
    """

    def __init__(
        self, vocabulary: dict[str, int], weights: np.ndarray, unseen: float = 0.0
    ) -> None:
        self.vocabulary = vocabulary
        self.weights = weights  # (grams,) float32: how telling each gram is
        self._unseen = unseen * float(weights.max(initial=0.0)) ** 2

    @classmethod
    def learn(
        cls, grams: Grams, texts: Sequence[str], rarest: int, unseen: float = 0.0
    ) -> tuple[GramSpace, Any]:
        """Return the space of the grams found in ``rarest`` texts or more, and the texts in it.

        The texts are a CSR matrix (texts, grams).
        """
        counted = [Counter(grams(text)) for text in texts]
        seen: Counter[str] = Counter()
        for counts in counted:
            seen.update(counts.keys())
        kept = sorted(gram for gram, times in seen.items() if times >= rarest)
        weights = [np.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in kept]
        vocabulary = {gram: place for place, gram in enumerate(kept)}
        space = cls(vocabulary, np.array(weights, dtype=np.float32), unseen)
        return space, space._matrix(counted)

    def _matrix(self, counted: Sequence[Counter[str]]) -> Any:
        from scipy.sparse import csr_matrix

        rows = [self._row(counts) for counts in counted]
        ends = np.cumsum([0, *(len(places) for places, _ in rows)])
        values = np.concatenate([values for _, values in rows])
        places = np.concatenate([places for places, _ in rows])
        return csr_matrix((values, places, ends), shape=(len(rows), len(self.weights)))

    def read(self, grams: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of a text's grams in the vocabulary, and their values."""
        return self._row(Counter(grams))

    def _row(self, counts: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
        find = self.vocabulary.get
        known = [(place, n) for gram, n in counts.items() if (place := find(gram)) is not None]
        if not known:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        places, times = np.array(known).T
        values = (1 + np.log(times.astype(np.float32))) * self.weights[places]
        length = float(values @ values)
        if self._unseen:
            strange = np.array([n for gram, n in counts.items() if gram not in self.vocabulary])
            length += self._unseen * float(np.square(1 + np.log(strange)).sum())
        return places, values / np.float32(np.sqrt(length))
