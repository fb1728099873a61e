"""Solves large symmetric systems tile by tile.

LAPACK's own routine takes the whole square, of which it reads half, and the OpenBLAS that comes
with scipy 1.10 dies of a square of more than 2**30 numbers where it uses AVX-512.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

TILE = 4096


class Cholesky:
    """The factors ``L @ L.T`` of a symmetric positive definite matrix.

    ``part(rows, columns)`` returns what stands where two slices of at most ``tile`` meet, float32;
    it is asked for the lower half only. ``numpy.linalg.LinAlgError`` is raised if the matrix is
    not positive definite.
    """

    def __init__(
        self, part: Callable[[slice, slice], np.ndarray], size: int, tile: int = TILE
    ) -> None:
        from scipy.linalg import cholesky

        # The odd rest comes first, so that the last tile is whole.
        ends = list(range(size, 0, -tile))[::-1]
        self._parts = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        self._lower: list[list[np.ndarray]] = []
        # One for all products: asking for memory each time cost up to a fifth of the whole.
        product = np.empty((tile, tile), dtype=np.float32)
        for rows in self._parts:
            row: list[np.ndarray] = []
            for column, columns in enumerate(self._parts[: len(self._lower) + 1]):
                rest = part(rows, columns)
                above = self._lower[column] if column < len(self._lower) else row
                for left, right in zip(row, above[:column], strict=True):
                    rest -= np.matmul(left, right.T, out=product[: len(left), : len(right)])
                if above is row:
                    row.append(cholesky(rest, lower=True, overwrite_a=True, check_finite=False))
                else:
                    row.append(_divide(above[column], rest.T).T)
            self._lower.append(row)

    def solve(self, wanted: np.ndarray) -> np.ndarray:
        """Return what the matrix times is ``wanted``, (size, columns) float32."""
        found = wanted.copy()
        for row, rows in zip(self._lower, self._parts, strict=True):
            for part, columns in zip(row[:-1], self._parts, strict=False):
                found[rows] -= part @ found[columns]
            found[rows] = _divide(row[-1], found[rows])
        for row, rows in zip(self._lower[::-1], self._parts[::-1], strict=True):
            found[rows] = _divide(row[-1], found[rows], transposed=True)
            for part, columns in zip(row[:-1], self._parts, strict=False):
                found[columns] -= part.T @ found[rows]
        return found

    def inverse_diagonal(self, last: int) -> np.ndarray:
        """Return the ``last`` numbers of the inverse's diagonal, at most a tile's."""
        corner = self._lower[-1][-1][-last:, -last:]
        inverse = _divide(corner, np.eye(len(corner), dtype=np.float32))
        return np.asarray(np.square(inverse).sum(axis=0))


def _divide(lower: np.ndarray, wanted: np.ndarray, transposed: bool = False) -> np.ndarray:
    """Return what ``lower``, or its transpose, times is ``wanted``."""
    from scipy.linalg import solve_triangular

    return np.asarray(
        solve_triangular(
            lower, wanted, trans=int(transposed), lower=True, overwrite_b=True, check_finite=False
        )
    )
