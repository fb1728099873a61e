"""How alike meanings are, and what all known ones say together."""

import numpy as np
import pytest

from bot.pipeline.likeness import Exponential, Quadratic


def unit(count, size):
    vectors = np.random.RandomState(count).normal(size=(count, size)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("likeness", [Exponential(2.0), Quadratic(0.5)])
def test_likeness_is_one_for_the_same_and_falls_with_the_cosine(likeness):
    same, near, far = np.float32([[1, 0]]), np.float32([[0.8, 0.6]]), np.float32([[0, 1]])
    alike = likeness(same, np.vstack([same, near, far]))[0]
    assert alike[0] == pytest.approx(1.0)
    assert alike[0] > alike[1] > alike[2] > 0


def test_a_few_texts_are_likened_and_weighed_as_they_are_among_many():
    texts, weights = unit(40, 8), unit(40, 3)
    likeness = Exponential(2.0)
    expected = np.exp(2.0 * (texts @ texts.T - 1)) @ weights
    assert likeness.scores(texts, texts, weights) == pytest.approx(expected, abs=1e-4)
    assert likeness.scores(texts[:3], texts, weights) == pytest.approx(expected[:3], abs=1e-4)


@pytest.mark.parametrize("size", [7, 8])
@pytest.mark.parametrize("known", [1, 600])
def test_a_table_says_what_all_known_texts_say_one_by_one(size, known):
    likeness, others, weights = Quadratic(0.5), unit(known, size), unit(known, 3)
    texts = unit(5, size)
    table = likeness.table(others, weights)
    expected = ((0.5 + texts @ others.T) / 1.5) ** 2 @ weights
    assert likeness.scores(texts, table) == pytest.approx(expected, abs=1e-4)
