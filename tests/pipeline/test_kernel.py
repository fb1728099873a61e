"""The fit behind the topics: what it says of a text that it does not know."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.pipeline.kernel import Shape, Texts, fit, fit_and_leave_out
from bot.pipeline.likeness import Exponential

COUNT, CLASSES, SHAPE = 40, 3, Shape(Exponential(2.0), mix=0.3, ridge=0.1)


def drawn(count):
    draw = np.random.RandomState(3)
    vectors = draw.normal(size=(count, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    often = draw.binomial(1, [0.9] * 3 + [0.2] * 9, size=(count, 12))
    return Texts(vectors, csr_matrix(often.astype(np.float32))), draw.randint(CLASSES, size=count)


def kernel(texts, others):
    meaning = np.exp(2.0 * (texts.vectors @ others.vectors.T - 1))
    spelling = (texts.grams @ others.grams.T).toarray()
    return (1 - SHAPE.mix) * meaning + SHAPE.mix * spelling


@pytest.fixture(scope="module")
def known():
    return drawn(COUNT)


def test_the_fit_is_ridge_regression_whether_grams_are_rare_or_in_most_texts():
    texts, labels = drawn(1200)
    square = kernel(texts, texts).astype(np.float64) + SHAPE.ridge * np.eye(1200)
    wanted = np.eye(CLASSES)[labels] - 1 / CLASSES
    expected = np.linalg.solve(square, wanted)
    assert fit(texts, labels, CLASSES, SHAPE) == pytest.approx(expected, abs=1e-2)


def test_the_weights_are_those_of_the_fit(known):
    texts, labels = known
    weights, _, _ = fit_and_leave_out(texts, labels, CLASSES, SHAPE, 5)
    assert weights == pytest.approx(fit(texts, labels, CLASSES, SHAPE), abs=1e-4)


def test_a_text_left_out_is_scored_as_if_it_had_never_been_seen(known):
    texts, labels = known
    _, rows, alone = fit_and_leave_out(texts, labels, CLASSES, SHAPE, 5)
    for row, score in zip(rows, alone, strict=True):
        others = np.arange(COUNT) != row
        weights = fit(texts.take(others), labels[others], CLASSES, SHAPE)
        expected = (kernel(texts.take(~others), texts.take(others)) @ weights)[0]
        assert score == pytest.approx(expected, abs=1e-3)
