"""The topic model itself, without Rasa: train on phrases, read texts, save and load."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.grams import TOPIC
from bot.normalise import tidy
from bot.pipeline.encoder import encode, encode_many, expect, pieces_of
from bot.pipeline.gram_space import GramSpace
from bot.pipeline.kernel import Shape, Texts, fit_and_leave_out
from bot.pipeline.likeness import Quadratic
from bot.pipeline.linear import load, save, softmax
from bot.pipeline.phrases import by_lot
from bot.pipeline.projection import Projection
from bot.pipeline.readers import load_reader
from bot.pipeline.shared import shared
from bot.places import fold
from bot.reading import Reader, Reading

# The fit takes memory for a square of this many numbers; of more phrases, so many are drawn.
_MOST = 40_000
# Among so many phrases neither a gram of only two nor a label's name tells anything that shows.
MANY = 4_000
# How much unknown spelling counts; chosen on held-out phrases.
_UNSEEN = 0.25
# How many of the axes of meaning are kept; chosen by leaving phrases out.
_AXES = 256
# How many phrases tell how sure to be: each as if it alone had not been trained on.
_LEFT_OUT = 3_000


class Phrase(NamedTuple):
    """A training phrase."""

    text: str
    label: str
    language: str


Ranking = list[tuple[str, float]]  # topics with their probabilities, best first


class TopicModel:
    """Scores each class by the likeness of a message to every phrase, in meaning and spelling.

    ``table`` (see ``Quadratic``) holds the meaning of all phrases on the axes of ``projection``,
    ``gram_weights`` (grams, classes) their spelling; ``temperature`` turns scores into
    probabilities; ``exact`` maps a folded phrase to its label; ``pieces`` are the encoder's.
    """

    def __init__(
        self,
        classes: list[str],
        exact: dict[str, str],
        reader: Reader,
        meaning: Quadratic,
        mix: float,
        space: GramSpace,
        projection: Projection,
        table: np.ndarray,
        gram_weights: np.ndarray,
        temperature: float,
        pieces: list[int],
    ) -> None:
        self.classes = classes
        self.reader = reader
        self._exact = exact
        self._meaning = meaning
        self._mix = mix
        self._space = space
        self._projection = projection
        self._table = table
        self._gram_weights = gram_weights
        self._temperature = temperature
        self._pieces = pieces

    @classmethod
    def train(
        cls, phrases: Sequence[Phrase], reader: Reader, offset: float, mix: float, ridge: float
    ) -> TopicModel:
        """Fit to phrases of at least two labels."""
        exact: dict[str, str] = {}
        for phrase in phrases:
            exact.setdefault(_key(phrase.text), phrase.label)
        phrases = sorted(by_lot(phrases)[:_MOST])
        classes = sorted({phrase.label for phrase in phrases})
        labels = np.searchsorted(classes, [phrase.label for phrase in phrases])
        readings = [reader(phrase.text, phrase.language) for phrase in phrases]
        spellings = [reading.spelling for reading in readings]
        rarest = 3 if len(phrases) >= MANY else 2
        space, grams = GramSpace.learn(TOPIC, spellings, rarest, _UNSEEN)
        meanings = encode_many([reading.meaning for reading in readings])
        projection = Projection.learn(meanings, _AXES)
        texts = Texts(projection(meanings), grams)
        meaning = Quadratic(offset)
        shape = Shape(meaning, mix, ridge)
        weights, rows, alone = fit_and_leave_out(texts, labels, len(classes), shape, _LEFT_OUT)
        return cls(
            classes,
            exact,
            reader,
            meaning,
            mix,
            space,
            projection,
            meaning.table(texts.vectors, weights),
            np.asarray(texts.grams.T @ weights),
            _temperature(alone, labels[rows]),
            pieces_of(reading.meaning for reading in readings),
        )

    def guess(self, messages: Sequence[tuple[str, str]]) -> list[Ranking]:
        """Return the topics of (text, language) pairs; a phrase is certain, without the encoder."""
        found: list[Ranking | None] = [self._known(text) for text, _ in messages]
        open_ones = [place for place, ranking in enumerate(found) if ranking is None]
        readings = [self.reader(*messages[place]) for place in open_ones]
        for place, ranking in zip(open_ones, self._judge(readings), strict=True):
            found[place] = ranking
        return [ranking for ranking in found if ranking is not None]

    def _known(self, text: str) -> Ranking | None:
        label = self._exact.get(_key(text))
        return [(label, 1.0)] if label else None

    def _judge(self, readings: Sequence[Reading]) -> list[Ranking]:
        if not readings:
            return []
        meanings = self._projection(encode([reading.meaning for reading in readings]))
        score = self._meaning.scores(meanings, self._table) * (1.0 - self._mix)
        for row, reading in enumerate(readings):
            places, values = self._space.read(reading.spelling)
            # Half precision in memory; only the few rows that are needed are widened.
            score[row] += self._mix * (values @ self._gram_weights[places].astype(np.float32))
        shares = softmax(score * self._temperature)
        order = np.argsort(-shares, axis=1, kind="stable")
        return [
            [(self.classes[i], float(row[i])) for i in best]
            for row, best in zip(shares, order, strict=True)
        ]

    def save(self, folder: Path) -> None:
        words = {
            "classes": self.classes,
            "exact": self._exact,
            "grams": list(self._space.vocabulary),
            "reader": self.reader.as_data(),
            "offset": self._meaning.offset,
            "mix": self._mix,
            "temperature": self._temperature,
            "pieces": self._pieces,
        }
        save(
            folder,
            "topics",
            words,
            idf=self._space.weights,
            **self._projection._asdict(),
            table=self._table,
            gram_weights=self._gram_weights.astype(np.float16),
        )

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        words, arrays = load(folder, "topics")
        exact = {key: sys.intern(label) for key, label in words["exact"].items()}
        expect(words["pieces"])
        return cls(
            words["classes"],
            exact,
            load_reader(words["reader"]),
            Quadratic(words["offset"]),
            words["mix"],
            GramSpace(TOPIC, words["grams"], arrays["idf"], _UNSEEN),
            Projection(arrays["mean"], arrays["axes"]),
            shared("topic-table", arrays["table"]),
            shared("topic-gram-weights", arrays["gram_weights"]),
            words["temperature"],
            words["pieces"],
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
