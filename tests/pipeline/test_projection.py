"""Vectors on fewer axes say of two texts what the whole vectors said."""

import numpy as np
import pytest

from bot.pipeline.projection import Projection

KEPT = 192


def drawn(count, size):
    vectors = np.random.RandomState(5).normal(size=(count, size)) * np.linspace(2.0, 0.01, size)
    return vectors.astype(np.float32)


def test_few_texts_keep_all_axes():
    vectors = drawn(30, 16)
    centred = vectors - vectors.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    assert Projection.learn(vectors, KEPT)(vectors) == pytest.approx(unit, abs=1e-5)


def test_many_texts_keep_the_axes_along_which_they_differ():
    vectors = drawn(8 * 256, 256)
    projected = Projection.learn(vectors, KEPT)(vectors[:100])
    centred = vectors[:100] - vectors.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    assert projected.shape == (100, KEPT)
    assert np.linalg.norm(projected, axis=1) == pytest.approx(np.ones(100), abs=1e-5)
    assert projected @ projected.T == pytest.approx(centred @ centred.T, abs=0.1)


def test_a_text_like_the_mean_of_all_has_no_direction_and_no_error():
    vectors = drawn(64, 8)
    projected = Projection.learn(vectors, KEPT)(vectors.mean(axis=0, keepdims=True))
    assert np.isfinite(projected).all()
