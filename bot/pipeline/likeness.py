"""How alike two meanings are, by the cosine of their vectors: two measures, 1 for the same vector.

The exponential one hears small differences; each new vector has to be compared with all known
ones. What any number of known vectors say together in the quadratic one fits into one table.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

_BLOCK = 1024
_LARGE = 4096  # when many texts share each block
# Fewer texts than these are quicker one by one: a product of matrices first copies the others into
# another order. A block of the others stays in the processor's cache meanwhile.
_FEW = 8
_TABLED = 256  # vectors whose products are in memory at once


class Likeness(Protocol):
    """A measure; ``vectors`` and ``others`` (texts, size) have length 1."""

    def __call__(self, vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return how alike each is to each, (vectors, others) float32."""


class Exponential(NamedTuple):
    """``exp(sharpness * (cosine - 1))``."""

    sharpness: float

    def __call__(self, vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
        # The factor goes onto the fewer numbers: each pass over thousands of others would show.
        scaled = vectors * np.float32(self.sharpness)
        alike = np.empty((len(scaled), len(others)), dtype=np.float32)
        few = len(scaled) < _FEW
        block = _BLOCK if few else _LARGE
        for start in range(0, len(others), block):
            some = slice(start, start + block)
            if few:
                for row, vector in zip(alike, scaled, strict=True):
                    np.dot(others[some], vector, out=row[some])
            else:
                np.matmul(scaled, others[some].T, out=alike[:, some])
        alike -= np.float32(self.sharpness)
        return np.asarray(np.exp(alike, out=alike))

    def scores(self, vectors: np.ndarray, others: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the likenesses times ``weights`` (others, classes), (vectors, classes)."""
        alike = self(vectors, others)
        if len(alike) < _FEW:
            return np.stack([row @ weights for row in alike])
        return np.asarray(alike @ weights)


class Quadratic(NamedTuple):
    """``((offset + cosine) / (offset + 1)) ** 2``."""

    offset: float

    def __call__(self, vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
        alike = vectors @ others.T
        alike += np.float32(self.offset)
        alike *= np.float32(1.0 / (self.offset + 1.0))
        return np.asarray(np.square(alike, out=alike))

    def table(self, others: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return what stands for ``others`` with ``weights`` (others, classes) in ``scores``.

        It is (products, classes) float32: a row for each pair of a vector's numbers.
        """
        blocks = range(0, len(others), _TABLED)
        parts = (slice(start, start + _TABLED) for start in blocks)
        table = sum(self._products(others[part]).T @ weights[part] for part in parts)
        return np.asarray(table * self._times(others.shape[1] + 1)[:, np.newaxis])

    def scores(self, vectors: np.ndarray, table: np.ndarray) -> np.ndarray:
        """Return the likenesses times the weights of the table, (vectors, classes)."""
        return np.asarray(self._products(vectors) @ table)

    def _products(self, vectors: np.ndarray) -> np.ndarray:
        """Return each vector's numbers times themselves in turn, (vectors, pairs)."""
        # With the offset as one more number, the measure is the square of a product of vectors.
        offset = np.full((len(vectors), 1), np.sqrt(self.offset), dtype=np.float32)
        whole = np.hstack([vectors, offset]) / np.float32(np.sqrt(self.offset + 1.0))
        size = whole.shape[1]
        # Turned half way round, each number has met each other one: no pair has to be looked up.
        turned = sliding_window_view(np.hstack([whole, whole[:, : size // 2]]), size, axis=1)
        return np.asarray(turned * whole[:, np.newaxis]).reshape(len(vectors), -1)

    @staticmethod
    def _times(size: int) -> np.ndarray:
        """Return how often each product counts: twice for two numbers, once for a square."""
        times = np.full(size // 2 + 1, 2.0, dtype=np.float32)
        times[0] = 1.0
        if size % 2 == 0:
            times[-1] = 1.0  # half way round, each pair comes up twice
        return np.repeat(times, size)
