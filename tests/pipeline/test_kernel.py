"""The fit behind the topics: what it says of a text that it does not know."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.pipeline.kernel import (
    Shape,
    Texts,
    alike_in_meaning,
    fit,
    fit_and_leave_out,
    scores,
    weighed,
)

COUNT, CLASSES, SHAPE = 40, 3, Shape(mix=0.3)


@pytest.fixture(scope="module")
def known():
    draw = np.random.RandomState(3)
    vectors = draw.normal(size=(COUNT, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    grams = csr_matrix(draw.binomial(1, 0.3, size=(COUNT, 12)).astype(np.float32))
    return Texts(vectors, grams), draw.randint(CLASSES, size=COUNT)


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
        expected = scores(texts.take(~others), texts.take(others), weights, SHAPE)[0]
        assert score == pytest.approx(expected, abs=1e-3)


def test_a_few_texts_are_likened_and_weighed_as_they_are_among_many(known):
    texts, labels = known
    weights = fit(texts, labels, CLASSES, SHAPE)
    many = weighed(alike_in_meaning(texts.vectors, texts.vectors, SHAPE), weights)
    few = weighed(alike_in_meaning(texts.vectors[:3], texts.vectors, SHAPE), weights)
    assert few == pytest.approx(many[:3], abs=1e-4)
