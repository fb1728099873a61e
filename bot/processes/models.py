"""Trained models: made from the training data, named after it, used while it is unchanged."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache, partialmethod
from pathlib import Path
from typing import Any

from bot.settings import ROOT

MODELS = ROOT / "models"
KEPT = 5

_INPUTS = ("config.yml", "domain.yml", "data/places.yml")
# What the pipeline computes from a text is part of the model, too; a test compares the imports.
CODE = (
    *("clauses", "gloss", "grams", "identify", "normalise", "places", "reading", "spelling"),
    "text",  # cleans what people write before the pipeline gets it
)
_INPUT_FOLDERS = (
    *("data/nlu", "data/rules", "data/stories", "data/language", "data/crisis/model"),
    "bot/pipeline",
)


def _inputs() -> Iterator[Path]:
    yield from (ROOT / name for name in _INPUTS)
    for folder in _INPUT_FOLDERS:
        yield from sorted(
            path
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and path.suffix in (".yml", ".py", ".txt", ".json", ".npz", ".jsonl")
        )
    yield from (ROOT / "bot" / f"{name}.py" for name in CODE)


def hashes() -> dict[str, str]:
    """Return a hash of each file that a model is made from."""
    return {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _inputs()
    }


def changed(model: Path | None) -> list[str]:
    """Return the files that are not as they were for a model, all if there is none or no note."""
    note = _note(model) if model else None
    before = json.loads(note.read_text(encoding="utf-8")) if note and note.exists() else {}
    now = hashes()
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def _note(model: Path) -> Path:
    """Return where it is written down what a model was made from."""
    return model.with_name(model.name.replace(".tar.gz", ".json"))


def fingerprint() -> str:
    """Return a short hash of everything a model is made from."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def current_model() -> Path | None:
    """Return the model made from the training data as it stands, or None."""
    path = MODELS / f"faro-{fingerprint()}.tar.gz"
    return path if path.exists() else None


def newest_model(folder: Path = MODELS) -> Path | None:
    """Return the model trained last, or None."""
    return max(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def train() -> Path:
    """Train a model from the data as it stands and return its file.

    Raise ``RuntimeError`` if Rasa made none; its own words are in the log by then.
    """
    from bot.runtime import without_tensorflow

    without_tensorflow.install()
    from rasa.model_training import train as rasa_train

    _read_once()
    name, made_from = f"faro-{fingerprint()}", hashes()
    # The answers are in data/answers/: no phrase has one in Rasa's own files.
    warnings.filterwarnings("ignore", message="Your training data contains an example")
    result = rasa_train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=str(ROOT / "data"),
        output=str(MODELS),
        fixed_model_name=name,
        force_training=True,
    )
    if not result.model:
        raise RuntimeError(f"training failed with code {result.code}")
    _note(Path(result.model)).write_text(json.dumps(made_from, indent=0), encoding="utf-8")
    for old in sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink()
        _note(old).unlink(missing_ok=True)
    return Path(result.model)


@lru_cache(maxsize=1)
def _read_once() -> None:
    """Let Rasa read the phrases once: a tenth of the work went into reading them again.

    It asks for them without a language, with "en" and with ours, and keeps each answer apart
    (``rasa/shared/importers/importer.py``, ``get_nlu_data``). Our files say the same to all three.
    """
    from rasa.shared.importers import importer

    for kind in (
        importer.CombinedDataImporter,
        importer.ResponsesSyncImporter,
        importer.E2EImporter,
    ):
        kind.get_nlu_data = partialmethod(_in_one_language, kind.get_nlu_data)


def _in_one_language(self: Any, asked: Callable[..., Any], language: str = "") -> Any:
    return asked(self, "es")
