"""The topic model itself, without Rasa: train on phrases, read texts, save and load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.grams import topic_grams
from bot.normalise import tidy
from bot.pipeline.encoder import encode, encode_many
from bot.pipeline.gram_space import GramSpace
from bot.pipeline.kernel import Shape, Texts, alike_in_meaning, fit_and_leave_out, weighed
from bot.pipeline.linear import load, save, softmax
from bot.pipeline.phrases import by_lot
from bot.pipeline.projection import Projection
from bot.pipeline.readers import load_reader
from bot.pipeline.shared import shared
from bot.places import fold
from bot.reading import Reader, Reading

# The fit takes memory for a square of this many numbers; of more phrases, so many are drawn.
_MOST = 34_000
# Among so many phrases a gram of only two tells nothing that shows.
_MANY = 4_000
# How much unknown spelling counts; chosen on held-out phrases.
_UNSEEN = 0.25
# How many phrases tell how sure to be: each as if it alone had not been trained on.
_LEFT_OUT = 3_000


class Phrase(NamedTuple):
    """A training phrase."""

    text: str
    label: str
    language: str


class Guess(NamedTuple):
    """Topics with their probabilities, best first, and the cosine to the nearest phrase."""

    ranking: list[tuple[str, float]]
    nearest: float


class TopicModel:
    """Scores each class by the likeness of a message to every phrase, in meaning and spelling.

    ``vectors`` (phrases, axes of ``projection``) with ``weights`` (phrases, classes) hold the
    meaning, ``gram_weights`` (grams, classes) the spelling; ``temperature`` turns scores into
    probabilities; ``exact`` maps a folded phrase to its label.
    """

    def __init__(
        self,
        classes: list[str],
        exact: dict[str, str],
        reader: Reader,
        shape: Shape,
        space: GramSpace,
        projection: Projection,
        vectors: np.ndarray,
        weights: np.ndarray,
        gram_weights: np.ndarray,
        temperature: float,
    ) -> None:
        self.classes = classes
        self.reader = reader
        self._exact = exact
        self._shape = shape
        self._space = space
        self._projection = projection
        self._vectors = vectors
        self._weights = weights
        self._gram_weights = gram_weights
        self._temperature = temperature

    @classmethod
    def train(cls, phrases: Sequence[Phrase], reader: Reader, shape: Shape) -> TopicModel:
        """Fit to phrases of at least two labels."""
        exact: dict[str, str] = {}
        for phrase in phrases:
            exact.setdefault(_key(phrase.text), phrase.label)
        phrases = sorted(by_lot(phrases)[:_MOST])
        classes = sorted({phrase.label for phrase in phrases})
        labels = np.searchsorted(classes, [phrase.label for phrase in phrases])
        readings = [reader(phrase.text, phrase.language) for phrase in phrases]
        spellings = [reading.spelling for reading in readings]
        rarest = 3 if len(phrases) >= _MANY else 2
        space, grams = GramSpace.learn(topic_grams, spellings, rarest, _UNSEEN)
        meanings = encode_many([reading.meaning for reading in readings])
        projection = Projection.learn(meanings)
        texts = Texts(projection(meanings), grams)
        weights, rows, alone = fit_and_leave_out(texts, labels, len(classes), shape, _LEFT_OUT)
        return cls(
            classes,
            exact,
            reader,
            shape,
            space,
            projection,
            texts.vectors,
            weights,
            np.asarray(texts.grams.T @ weights),
            _temperature(alone, labels[rows]),
        )

    def guess(self, messages: Sequence[tuple[str, str]]) -> list[Guess]:
        """Return the topics of (text, language) pairs; a phrase is certain, without the encoder."""
        found: list[Guess | None] = [self._known(text) for text, _ in messages]
        open_ones = [place for place, guess in enumerate(found) if guess is None]
        readings = [self.reader(*messages[place]) for place in open_ones]
        for place, guess in zip(open_ones, self._judge(readings), strict=True):
            found[place] = guess
        return [guess for guess in found if guess is not None]

    def _known(self, text: str) -> Guess | None:
        label = self._exact.get(_key(text))
        return Guess([(label, 1.0)], 1.0) if label else None

    def _judge(self, readings: Sequence[Reading]) -> list[Guess]:
        if not readings:
            return []
        meanings = self._projection(encode([reading.meaning for reading in readings]))
        alike = alike_in_meaning(meanings, self._vectors, self._shape)
        score = weighed(alike, self._weights)
        for row, reading in enumerate(readings):
            places, values = self._space.read(topic_grams(reading.spelling))
            # Half precision in memory; only the few rows that are needed are widened.
            score[row] += self._shape.mix * (values @ self._gram_weights[places].astype(np.float32))
        shares = softmax(score * self._temperature)
        order = np.argsort(-shares, axis=1, kind="stable")
        highest = alike.max(axis=1) / (1.0 - self._shape.mix)
        nearest = 1.0 + np.log(highest) / self._shape.sharpness
        return [
            Guess([(self.classes[i], float(row[i])) for i in best], float(cosine))
            for row, best, cosine in zip(shares, order, nearest, strict=True)
        ]

    def save(self, folder: Path) -> None:
        words = {
            "classes": self.classes,
            "exact": self._exact,
            "grams": list(self._space.vocabulary),
            "reader": self.reader.as_data(),
            "shape": self._shape._asdict(),
            "temperature": self._temperature,
        }
        save(
            folder,
            "topics",
            words,
            idf=self._space.weights,
            **self._projection._asdict(),
            vectors=self._vectors.astype(np.float16),
            weights=self._weights,
            gram_weights=self._gram_weights.astype(np.float16),
        )

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        words, arrays = load(folder, "topics")
        return cls(
            words["classes"],
            words["exact"],
            load_reader(words["reader"]),
            Shape(**words["shape"]),
            GramSpace({gram: i for i, gram in enumerate(words["grams"])}, arrays["idf"], _UNSEEN),
            Projection(arrays["mean"], arrays["axes"]),
            shared("topic-vectors", arrays["vectors"].astype(np.float32)),
            shared("topic-weights", arrays["weights"]),
            shared("topic-gram-weights", arrays["gram_weights"]),
            words["temperature"],
        )


def _key(text: str) -> str:
    tidied = tidy(text)
    return fold(tidied) or tidied


def _temperature(score: np.ndarray, right: np.ndarray) -> float:
    """Return what scores (texts, classes) are multiplied by to give fitting probabilities.

    ``right`` (texts,) are the classes that the texts belong to.
    """

    def surprise(temperature: float) -> float:
        shares = softmax(score * temperature)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())

    return float(min(np.arange(2.0, 20.0, 0.25), key=surprise))
