"""Finds out which language a person writes, and whether they ask for another."""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import grams, identify, normalise, settings
from bot.content.files import read_yaml
from bot.grams import language_grams
from bot.identify import OURS, Known, Verdict, decide, requested, telling
from bot.normalise import tidy
from bot.pipeline.linear import SparseModel
from bot.pipeline.topics import is_decided, set_intent
from bot.places import fold

LANGUAGE = "language"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class LanguageIdentifier(GraphComponent):
    """Adds a ``language`` entity: the language to answer this message in.

    From the message's ``metadata``: ``language`` (spoken so far), ``language_hint`` (the
    channel's guess), ``language_chosen`` (the person picked it). ``nlu`` and ``words`` in the
    configuration are the folders to learn from, relative to the project.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: SparseModel | None = None,
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._nlu, self._words = (
            settings.ROOT / config[name] for name in ("nlu", "words")
        )
        asking = read_yaml(self._words / "requests.yml")
        self._names = _folded(asking["names"])
        self._others = _folded(asking["others"])
        self._around = set(fold(asking["around"]).split())
        self._neutral = _neutral_words(self._words)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"nlu": "data/nlu", "words": "data/language", "strength": 30.0}

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when a phrase, a word list or the code behind the features changes."""
        digest = hashlib.sha256()
        for name in ("nlu", "words"):
            for path in sorted((settings.ROOT / config[name]).rglob("*.*")):
                digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest() + "".join(
            map(inspect.getsource, (grams, identify, normalise))
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        phrases = sorted(_phrases(self._nlu, self._words))
        texts = [tidy(text) for text, _ in phrases]
        self._model = SparseModel.train(
            language_grams,
            texts,
            [code for _, code in phrases],
            strength=30.0,
            rarest=2,
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder, "language")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        with model_storage.read_from(resource) as folder:
            model = SparseModel.load(folder, "language")
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            about = message.get("metadata") or {}
            known = Known(
                about.get("language"),
                about.get("language_hint"),
                bool(about.get("language_chosen")),
            )
            if is_decided(message):
                _note(message, decide({}, 0, known))
            else:
                self._read(message, text, known)
        return messages

    def _read(self, message: Message, text: str, known: Known) -> None:
        other = requested(text, self._others, self._around)
        if other:
            message.set("language_other", other, add_to_output=True)
        wanted = requested(text, self._names, self._around)
        if wanted:
            set_intent(message, "choose_language")
            _note(message, Verdict(wanted, 1.0))
        else:
            _note(message, self.identify(text, known))

    def identify(self, text: str, known: Known) -> Verdict:
        """Return the language to answer a text in."""
        words = telling(tidy(text), self._neutral)
        if self._model is None or not words:
            # A greeting alone is evidence only while nothing else is.
            words = [] if known.language else telling(tidy(text), ())
        if self._model is None or not words:
            return decide({}, 0, known)
        shares = self._model.probabilities(language_grams(" ".join(words)))
        return decide(
            dict(zip(self._model.classes, map(float, shares))), len(words), known
        )


def _note(message: Message, verdict: Verdict) -> None:
    about = {"name": verdict.name, "confidence": verdict.confidence}
    message.set(LANGUAGE, about, add_to_output=True)
    entities = message.get(ENTITIES) or []
    if any(entity["entity"] == LANGUAGE for entity in entities):
        return
    entity = {
        "entity": LANGUAGE,
        "value": verdict.name,
        "confidence": verdict.confidence,
        "extractor": "LanguageIdentifier",
    }
    message.set(ENTITIES, [*entities, entity], add_to_output=True)


def _folded(names: dict[str, list[str]]) -> dict[str, set[str]]:
    return {code: {fold(name) for name in listed} for code, listed in names.items()}


def _neutral_words(folder: Path) -> set[str]:
    places = read_yaml(settings.ROOT / "data" / "places.yml")["names"]
    words = {
        word
        for listed in places.values()
        for name in listed
        for word in fold(name).split()
    }
    for line in _lines(folder / "neutral.txt"):
        words.update(fold(line).split())
    return words - {"de", "la", "el", "los", "the", "au", "da", "us"}


def _phrases(nlu: Path, words: Path) -> list[tuple[str, str]]:
    """Return (phrase, language) pairs: the folder of a phrase is its language."""
    found = []
    for code in OURS:
        if (words / f"{code}.txt").exists():
            found += [(line, code) for line in _lines(words / f"{code}.txt")]
        for path in sorted((nlu / code).glob("*.yml")):
            for block in read_yaml(path).get("nlu") or []:
                examples = (block.get("examples") or "").splitlines()
                found += [
                    (line[2:].strip(), code)
                    for line in examples
                    if line.startswith("- ")
                ]
    return found


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
