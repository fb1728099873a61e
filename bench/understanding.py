"""Measures how vanilla Rasa understands labelled messages: ``faro evaluate --compare vanilla``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bench import environments
from bot.figures import Outcome, summarise

HERE = Path(__file__).parent
FALLBACK = "nlu_fallback"

Rows = Sequence[dict[str, Any]]


def measure(train: Rows, test: Rows) -> tuple[dict[str, Any], list[Outcome]]:
    """Return the figures of ``test`` for DIET trained on ``train``, and each outcome."""
    place = environments.folder() / "understanding"
    _write_project(place, train)
    began = time.monotonic()
    _run(place, "train", "nlu", "--nlu", "nlu.yml", "--fixed-model-name", "vanilla")
    seconds = time.monotonic() - began
    texts = [_plain(row["text"]) for row in test]
    (place / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    _run(place, "ask", "models/vanilla.tar.gz", "texts.json", "found.json")
    found = json.loads((place / "found.json").read_text(encoding="utf-8"))
    outcomes = [
        Outcome.of(
            row,
            ranking=tuple((name, share) for name, share in one["ranking"] if name != FALLBACK),
            answered=one["intent"] != FALLBACK,
            milliseconds=one["ms"],
        )
        for row, one in zip(test, found, strict=True)
    ]
    figures = summarise(outcomes)
    del figures["language_found"]  # vanilla Rasa looks for none
    return {**figures, "train_seconds": round(seconds, 1)}, outcomes


def _write_project(place: Path, train: Rows) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    said: dict[str, list[str]] = {}
    for row in train:
        said.setdefault(row["label"], []).append(_plain(row["text"]))
    nlu = [
        {"intent": label, "examples": "".join(f"- {text}\n" for text in texts)}
        for label, texts in said.items()
    ]
    (place / "nlu.yml").write_text(
        yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000),
        encoding="utf-8",
    )
    shutil.copy(HERE / "understanding.yml", place / "config.yml")


def _plain(text: str) -> str:
    """Return a text on one line, without the brackets that mark an entity in Rasa's files."""
    return " ".join(text.replace("[", "(").replace("]", ")").split())


def _run(place: Path, *arguments: str) -> None:
    python = environments.environment("neural")
    script = "ask_understanding.py" if arguments[0] == "ask" else "rasa_command.py"
    rest = arguments[1:] if arguments[0] == "ask" else arguments
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    with (place / "rasa.log").open("ab") as log:
        subprocess.run(
            [str(python), str(HERE / script), *rest],
            cwd=place,
            env={**os.environ, **quiet, "RASA_CACHE_DIRECTORY": str(place / "cache")},
            stdout=log,
            stderr=log,
            check=True,
        )
