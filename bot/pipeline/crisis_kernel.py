"""The second crisis guard itself, without Rasa: train on told crises, judge messages.

The rules of ``bot.crisis`` catch what is told plainly. This one also hears what is only
hinted at, by its likeness to what people might write. It never outvotes the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.grams import TOPIC
from bot.pipeline.encoder import encode, encode_many
from bot.pipeline.gram_space import GramSpace
from bot.pipeline.kernel import Shape, Texts, fit, fit_and_leave_out
from bot.pipeline.likeness import Exponential
from bot.pipeline.linear import load, save
from bot.pipeline.projection import Projection
from bot.pipeline.readers import load_reader
from bot.pipeline.shared import shared
from bot.reading import Reader, Reading

NONE = ""  # the type of a message that tells of no crisis
# How many of the axes of meaning are kept; chosen by leaving messages out.
_AXES = 192
# How many messages tell what a score is worth: each as if it alone had not been trained on.
_LEFT_OUT = 3_000


class Told(NamedTuple):
    """A training message; ``type`` is the crisis it tells of, or ``NONE``."""

    text: str
    type: str
    language: str


class Verdict(NamedTuple):
    """How likely a message tells of a crisis now, and of which type if so.

    ``lead`` is how far that type is ahead of the next one.
    """

    probability: float
    type: str
    lead: float


class CrisisKernel:
    """Weighs the likeness of a message to every training message, in meaning and spelling.

    The columns of ``weights`` (messages) and ``gram_weights`` (grams) are: a crisis at all,
    then each of ``types``. ``curve`` (slope, offset) turns the first score into a probability.
    """

    def __init__(
        self,
        types: list[str],
        reader: Reader,
        meaning: Exponential,
        mix: float,
        space: GramSpace,
        projection: Projection,
        vectors: np.ndarray,
        weights: np.ndarray,
        gram_weights: np.ndarray,
        curve: tuple[float, float],
    ) -> None:
        self.types = types
        self.reader = reader
        self._meaning = meaning
        self._mix = mix
        self._space = space
        self._projection = projection
        self._vectors = vectors
        self._weights = weights
        self._gram_weights = gram_weights
        self._curve = curve

    @classmethod
    def train(
        cls, told: Sequence[Told], reader: Reader, sharpness: float, mix: float, ridge: float
    ) -> CrisisKernel:
        """Fit to messages with and without a crisis."""
        meaning = Exponential(sharpness)
        shape = Shape(meaning, mix, ridge)
        readings = [reader(one.text, one.language) for one in told]
        space, grams = GramSpace.learn(TOPIC, [r.spelling for r in readings], rarest=3)
        meanings = encode_many([reading.meaning for reading in readings])
        projection = Projection.learn(meanings, _AXES)
        texts = Texts(projection(meanings), grams)
        types = sorted({one.type for one in told} - {NONE})
        labels = np.array([types.index(one.type) + 1 if one.type else 0 for one in told])
        danger = labels > 0
        weights = np.zeros((len(told), 1 + len(types)), dtype=np.float32)
        both, rows, alone = fit_and_leave_out(texts, danger.astype(int), 2, shape, _LEFT_OUT)
        weights[:, 0] = both[:, 1] - both[:, 0]
        weights[danger, 1:] = fit(
            texts.take(np.flatnonzero(danger)), labels[danger] - 1, len(types), shape
        )
        return cls(
            types,
            reader,
            meaning,
            mix,
            space,
            projection,
            texts.vectors,
            weights,
            np.asarray(texts.grams.T @ weights),
            _curve(alone[:, 1] - alone[:, 0], danger[rows]),
        )

    def judge(self, messages: Iterable[tuple[str, str]]) -> list[Verdict]:
        """Return a verdict on each (text, language)."""
        readings = [self.reader(*message) for message in messages]
        if not readings:
            return []
        score = self._scores(readings)
        slope, offset = self._curve
        chances = 1.0 / (1.0 + np.exp(-(slope * score[:, 0] + offset)))
        order = np.argsort(-score[:, 1:], axis=1)
        return [
            Verdict(float(chance), self.types[first], float(row[first] - row[second]))
            for chance, row, (first, second) in zip(
                chances, score[:, 1:], order[:, :2], strict=True
            )
        ]

    def _scores(self, readings: Sequence[Reading]) -> np.ndarray:
        meanings = self._projection(encode([reading.meaning for reading in readings]))
        score = self._meaning.scores(meanings, self._vectors, self._weights) * (1.0 - self._mix)
        for row, reading in enumerate(readings):
            places, values = self._space.read(reading.spelling)
            score[row] += self._mix * (values @ self._gram_weights[places])
        return np.asarray(score)

    def save(self, folder: Path) -> None:
        words = {
            "types": self.types,
            "grams": list(self._space.vocabulary),
            "reader": self.reader.as_data(),
            "sharpness": self._meaning.sharpness,
            "mix": self._mix,
            "curve": self._curve,
        }
        save(
            folder,
            "crisis",
            words,
            idf=self._space.weights,
            **self._projection._asdict(),
            vectors=self._vectors.astype(np.float16),
            weights=self._weights,
            gram_weights=self._gram_weights.astype(np.float16),
        )

    @classmethod
    def load(cls, folder: Path) -> CrisisKernel:
        words, arrays = load(folder, "crisis")
        slope, offset = words["curve"]
        return cls(
            words["types"],
            load_reader(words["reader"]),
            Exponential(words["sharpness"]),
            words["mix"],
            GramSpace(TOPIC, words["grams"], arrays["idf"]),
            Projection(arrays["mean"], arrays["axes"]),
            shared("crisis-vectors", arrays["vectors"].astype(np.float32)),
            arrays["weights"],
            arrays["gram_weights"].astype(np.float32),
            (slope, offset),
        )


def _curve(score: np.ndarray, danger: np.ndarray) -> tuple[float, float]:
    """Return the slope and offset by which scores of unknown messages get fitting probabilities."""
    from sklearn.linear_model import LogisticRegression

    found = LogisticRegression(C=1e3).fit(score[:, np.newaxis], danger)
    return float(found.coef_[0, 0]), float(found.intercept_[0])
