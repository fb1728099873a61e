"""Trains the topic model on any labelled file and measures it on another.

``faro evaluate --train T.jsonl --test F.jsonl``: the code, the word lists and the numbers of
the live pipeline, with nothing of our own phrases.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.evaluate import BATCH, resident_megabytes
from bot.figures import Outcome, summarise
from bot.identify import DEFAULT

Rows = Sequence[dict[str, Any]]


def measure(train: Rows, test: Rows, language: str = "") -> tuple[dict[str, Any], list[Outcome]]:
    """Return the figures of ``test`` for a model trained on ``train``, and each outcome.

    ``language`` is that of training lines that name none: by default, of most test lines.
    """
    from bot.runtime import without_tensorflow

    without_tensorflow.install()
    from bot.pipeline.classifier import TopicClassifier, is_sure, learn
    from bot.pipeline.topic_model import Phrase

    language = language or main_language(test)
    before, began = resident_megabytes(), time.perf_counter()
    phrases = [Phrase(row["text"], row["label"], row.get("lang") or language) for row in train]
    config = TopicClassifier.get_default_config()
    model = learn(phrases, config)
    seconds = time.perf_counter() - began
    outcomes: list[Outcome] = []
    for start in range(0, len(test), BATCH):
        rows = test[start : start + BATCH]
        began = time.perf_counter()
        rankings = model.guess([(row["text"], row.get("lang") or language) for row in rows])
        spent = (time.perf_counter() - began) * 1000 / len(rows)
        outcomes += [
            Outcome.of(
                row,
                ranking=tuple(ranking),
                answered=is_sure(ranking, config),
                milliseconds=spent,
            )
            for row, ranking in zip(rows, rankings, strict=True)
        ]
    figures = summarise(outcomes)
    del figures["language_found"]  # it is told here, not looked for
    figures |= {
        "megabytes": round(resident_megabytes() - before, 1),
        "train_seconds": round(seconds, 1),
    }
    return figures, outcomes


def main_language(rows: Rows) -> str:
    """Return the language that most lines name.

    >>> main_language([{"lang": "en"}, {"lang": "en"}, {"lang": "fr"}, {}])
    'en'
    """
    named = Counter(row["lang"] for row in rows if row.get("lang"))
    return named.most_common(1)[0][0] if named else DEFAULT
