"""Linear models that scikit-learn trains and numpy reads: no pickle, no scipy at prediction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Grams = Callable[[str], Iterable[str]]


class SparseModel:
    """Multinomial logistic regression over tf-idf weighted grams.

    ``weights`` is (grams, classes) float32; ``bias`` (classes,); ``idf`` (grams,).
    """

    def __init__(
        self,
        vocabulary: dict[str, int],
        idf: np.ndarray,
        weights: np.ndarray,
        bias: np.ndarray,
        classes: list[str],
    ) -> None:
        self.vocabulary = vocabulary
        self.idf = idf
        self.weights = weights
        self.bias = bias
        self.classes = classes

    @classmethod
    def train(
        cls,
        grams: Grams,
        texts: Sequence[str],
        labels: Sequence[str],
        strength: float,
        rarest: int = 1,
    ) -> SparseModel:
        """Fit to texts; grams seen in fewer than ``rarest`` texts are left out."""
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression

        counted = [Counter(grams(text)) for text in texts]
        seen: Counter[str] = Counter()
        for counts in counted:
            seen.update(counts.keys())
        kept = sorted(gram for gram, times in seen.items() if times >= rarest)
        vocabulary = {gram: place for place, gram in enumerate(kept)}
        idf = np.array(
            [np.log(len(texts) / seen[gram]) + 1 for gram in kept], dtype=np.float32
        )
        model = cls(vocabulary, idf, np.empty(0), np.empty(0), sorted(set(labels)))
        rows = [model._row(counts) for counts in counted]
        matrix = csr_matrix(
            (
                np.concatenate([values for _, values in rows]),
                np.concatenate([places for places, _ in rows]),
                np.cumsum([0, *(len(places) for places, _ in rows)]),
            ),
            shape=(len(texts), len(kept)),
        )
        fitted = LogisticRegression(C=strength, max_iter=300, class_weight="balanced")
        model.weights, model.bias = both_sides(fitted.fit(matrix, labels))
        return model

    def _row(self, counts: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
        known = [
            (self.vocabulary[gram], n)
            for gram, n in counts.items()
            if gram in self.vocabulary
        ]
        if not known:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        places = np.array([place for place, _ in known])
        values = (
            1 + np.log(np.array([n for _, n in known], dtype=np.float32))
        ) * self.idf[places]
        return places, values / np.linalg.norm(values)

    def probabilities(self, grams: Iterable[str]) -> np.ndarray:
        """Return the classes' probabilities (classes,); without a known gram, the bias alone."""
        places, values = self._row(Counter(grams))
        return softmax(values @ self.weights[places] + self.bias)

    def save(self, folder: Path, name: str) -> None:
        save(
            folder,
            name,
            {"vocabulary": list(self.vocabulary), "classes": self.classes},
            idf=self.idf,
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )

    @classmethod
    def load(cls, folder: Path, name: str) -> SparseModel:
        words, arrays = load(folder, name)
        vocabulary = {gram: place for place, gram in enumerate(words["vocabulary"])}
        weights = arrays["weights"].astype(np.float32)
        return cls(vocabulary, arrays["idf"], weights, arrays["bias"], words["classes"])


def both_sides(fitted: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return (features, classes) weights and (classes,) bias; two classes get a row each."""
    weights, bias = fitted.coef_, fitted.intercept_
    if len(bias) == 1:
        weights, bias = np.vstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return np.ascontiguousarray(weights.T, dtype=np.float32), bias.astype(np.float32)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return scores as probabilities along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def save(folder: Path, name: str, words: dict[str, Any], **arrays: np.ndarray) -> None:
    """Write a model as one JSON and one npz file."""
    (folder / f"{name}.json").write_text(
        json.dumps(words, ensure_ascii=False), encoding="utf-8"
    )
    np.savez(folder / f"{name}.npz", **arrays)


def load(folder: Path, name: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read what ``save`` wrote."""
    words = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
        return words, {key: file[key] for key in file.files}
