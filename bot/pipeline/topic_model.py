"""The topic model itself, without Rasa: train on phrases, read texts, save and load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.grams import topic_grams
from bot.normalise import tidy
from bot.pipeline.encoder import encode
from bot.pipeline.linear import SparseModel, both_sides, load, save, softmax
from bot.places import fold


class TopicModel:
    """Averages logistic regressions over sentence vectors and over grams."""

    def __init__(
        self,
        sparse: SparseModel,
        weights: np.ndarray,
        bias: np.ndarray,
        exact: dict[str, str],
    ) -> None:
        self.classes = sparse.classes
        self._sparse = sparse
        self._weights = weights  # (SIZE, classes)
        self._bias = bias
        self._exact = exact  # folded training phrase -> label

    @classmethod
    def train(cls, phrases: Sequence[tuple[str, str]]) -> TopicModel:
        """Fit to (phrase, label) pairs of at least two labels."""
        from sklearn.linear_model import LogisticRegression

        texts = [tidy(text) for text, _ in phrases]
        labels = [label for _, label in phrases]
        dense = LogisticRegression(C=30.0, max_iter=300, class_weight="balanced")
        weights, bias = both_sides(dense.fit(encode(texts), labels))
        sparse = SparseModel.train(topic_grams, texts, labels, strength=30.0, rarest=2)
        exact: dict[str, str] = {}
        for text, label in zip(texts, labels):
            exact.setdefault(fold(text) or text, label)
        return cls(sparse, weights, bias, exact)

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Return (texts, classes) float32; a training phrase is certain, without the encoder."""
        shares = np.zeros((len(texts), len(self.classes)), dtype=np.float32)
        tidied = [tidy(text) for text in texts]
        unknown = []
        for row, text in enumerate(tidied):
            label = self._exact.get(fold(text) or text)
            if label is None:
                unknown.append(row)
            else:
                shares[row, self.classes.index(label)] = 1.0
        if unknown:
            vectors = encode([tidied[row] for row in unknown])
            dense = softmax(vectors @ self._weights + self._bias)
            for row, guess in zip(unknown, dense):
                sparse = self._sparse.probabilities(topic_grams(tidied[row]))
                shares[row] = (guess + sparse) / 2
        return shares

    def save(self, folder: Path) -> None:
        self._sparse.save(folder, "sparse")
        save(
            folder,
            "dense",
            {"exact": self._exact},
            weights=self._weights,
            bias=self._bias,
        )

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        words, arrays = load(folder, "dense")
        sparse = SparseModel.load(folder, "sparse")
        return cls(sparse, arrays["weights"], arrays["bias"], words["exact"])
