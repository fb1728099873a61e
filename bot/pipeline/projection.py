"""Vectors of meaning on the axes along which the phrases differ: smaller, and just as telling."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# With fewer phrases per axis, what they happen to say is all there would be to see.
_PHRASES_PER_AXIS = 8


class Projection(NamedTuple):
    """Principal axes: ``mean`` (size,) is taken off, ``axes`` (size, kept) are what remains."""

    mean: np.ndarray
    axes: np.ndarray

    @classmethod
    def learn(cls, vectors: np.ndarray, kept: int) -> Projection:
        """Return the first axes of vectors (texts, size); all axes as they are if too few."""
        size = vectors.shape[1]
        mean = vectors.mean(axis=0)
        if len(vectors) < _PHRASES_PER_AXIS * size:
            return cls(mean, np.eye(size, dtype=np.float32))
        centred = (vectors - mean).astype(np.float64)
        _, axes = np.linalg.eigh(centred.T @ centred)
        return cls(mean, np.ascontiguousarray(axes[:, ::-1][:, :kept], dtype=np.float32))

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """Return vectors of length 1, (texts, kept) float32."""
        found = (vectors - self.mean) @ self.axes
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
        return np.asarray(found)
