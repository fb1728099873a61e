"""The solver of the fit: what it finds in tiles is what numpy finds in one piece."""

import numpy as np
import pytest

from bot.pipeline.cholesky import Cholesky

SIZE = 23


@pytest.fixture(scope="module")
def matrix():
    drawn = np.random.RandomState(5).normal(size=(SIZE, 2 * SIZE))
    return drawn @ drawn.T / SIZE + np.eye(SIZE)


def factored(matrix, tile):
    single = matrix.astype(np.float32)
    return Cholesky(lambda rows, columns: single[rows, columns].copy(), len(matrix), tile)


@pytest.mark.parametrize("tile", [5, 7, SIZE, 100])
def test_the_system_is_solved(matrix, tile):
    wanted = np.random.RandomState(6).normal(size=(SIZE, 3)).astype(np.float32)
    expected = np.linalg.solve(matrix, wanted)
    assert factored(matrix, tile).solve(wanted) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("tile", [7, SIZE, 100])
def test_the_end_of_the_inverse_is_known(matrix, tile):
    expected = np.diag(np.linalg.inv(matrix))[-6:]
    assert factored(matrix, tile).inverse_diagonal(6) == pytest.approx(expected, abs=1e-4)


def test_only_the_lower_half_is_asked_for(matrix):
    lower = np.tril(matrix)
    whole, half = (factored(one, 5).solve(np.eye(SIZE)) for one in (matrix, lower))
    assert half == pytest.approx(whole, abs=1e-4)


def test_what_has_no_factors_is_an_error():
    with pytest.raises(np.linalg.LinAlgError):
        factored(-np.eye(SIZE), 5)
