"""Ridge regression in the space of a kernel: likeness to every phrase, weighed exactly.

The kernel of two texts is ``(1 - mix) * (likeness of vectors) + mix * (cosine of grams)``: alike
in meaning, or alike in spelling.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from bot.pipeline.cholesky import Cholesky
from bot.pipeline.likeness import Likeness

# Grams of more texts than this are multiplied as a dense matrix, in half the time.
_OFTEN = 1000


class Shape(NamedTuple):
    """The kernel, and ``ridge``: how far the fit is held back from the single phrase."""

    meaning: Likeness
    mix: float
    ridge: float


class Texts(NamedTuple):
    """Texts as features: ``vectors`` (texts, size) and ``grams``, a scipy CSR (texts, grams)."""

    vectors: np.ndarray
    grams: Any

    def take(self, rows: np.ndarray | slice) -> Texts:
        """Return some of the texts."""
        return Texts(self.vectors[rows], self.grams[rows])


def fit(texts: Texts, labels: np.ndarray, classes: int, shape: Shape) -> np.ndarray:
    """Return the weight of each text for each class, (texts, classes) float32.

    ``labels`` (texts,) are numbers below ``classes``. Takes memory for half of (texts, texts)
    floats.
    """
    return _factor(texts, shape).solve(_wanted(labels, classes))


def fit_and_leave_out(
    texts: Texts, labels: np.ndarray, classes: int, shape: Shape, left_out: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the weights that ``fit`` returns, some rows, and their scores (rows, classes).

    Those are the scores that each of ``left_out`` texts, at most ``TILE``, drawn always the same,
    would have if it alone were unknown: known exactly, without fitting anew.
    """
    count = len(labels)
    order = np.random.RandomState(0).permutation(count)
    wanted = _wanted(labels[order], classes)
    factor = _factor(texts.take(order), shape)
    weights = factor.solve(wanted)
    last = slice(count - min(left_out, count), count)
    diagonal = factor.inverse_diagonal(last.stop - last.start)
    alone = wanted[last] - weights[last] / diagonal[:, np.newaxis]
    ordered = np.empty_like(weights)
    ordered[order] = weights
    return ordered, order[last], alone


def _wanted(labels: np.ndarray, classes: int) -> np.ndarray:
    """Return what the scores are to be, (texts, classes) float32."""
    wanted = np.full((len(labels), classes), -1.0 / classes, dtype=np.float32)
    wanted[np.arange(len(labels)), labels] += 1.0
    return wanted


def _factor(texts: Texts, shape: Shape) -> Cholesky:
    """Return the factors of the kernel of all texts with the ridge."""
    often = np.bincount(texts.grams.indices, minlength=texts.grams.shape[1]) > _OFTEN
    rare, common = texts.grams[:, ~often].tocsr(), texts.grams[:, often].toarray()

    def part(rows: slice, columns: slice) -> np.ndarray:
        alike = shape.meaning(texts.vectors[rows], texts.vectors[columns])
        alike *= 1.0 - shape.mix
        spelling = common[rows] @ common[columns].T
        spelling *= shape.mix
        alike += spelling
        alike += (rare[rows] @ rare[columns].T * shape.mix).toarray(out=spelling)
        if rows == columns:
            alike[np.diag_indices(len(alike))] += shape.ridge
        return alike

    return Cholesky(part, len(texts.vectors))
