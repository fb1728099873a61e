"""Finds out which language a person writes, and whether they ask for another."""

from __future__ import annotations

import inspect
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
from bot.identify import Known, Verdict, decide, divide, requested, telling
from bot.normalise import tidy
from bot.pipeline import gram_space, linear
from bot.pipeline.linear import LinearModel
from bot.pipeline.phrases import digest, drawn, phrases
from bot.pipeline.topics import is_decided, set_intent
from bot.pipeline.word_lists import listed, neutral_words, sayings
from bot.places import fold

MOST_PHRASES = 3000  # of each language: more took twice the time and told no more
LANGUAGE = "language"
WRITTEN = "language_written"  # of this message alone, whatever is spoken otherwise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
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
        model: LinearModel | None = None,
    ) -> None:
        self._strength: float = config["strength"]
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._nlu, self._words = (settings.ROOT / config[name] for name in ("nlu", "words"))
        asking = read_yaml(self._words / "requests.yml")
        self._names = _folded(asking["names"])
        self._others = _folded(asking["others"])
        self._around = set(fold(asking["around"]).split())
        self._neutral = neutral_words(self._words)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"nlu": "data/nlu", "words": "data/language", "strength": 30.0}

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when a phrase, a word list or the code behind the features changes."""
        code = (gram_space, grams, identify, linear, normalise)
        # What Rasa has cached, it fingerprints without our defaults.
        config = {**cls.get_default_config(), **config}
        folders = [settings.ROOT / config[name] for name in ("nlu", "words")]
        return digest(folders) + "".join(map(inspect.getsource, code))

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
        said = drawn(phrases(self._nlu), MOST_PHRASES)
        known = sorted({*said, *listed(self._words), *sayings(self._words)})
        texts = [tidy(text) for text, _ in known]
        self._model = LinearModel.train(
            grams.LANGUAGE, texts, [code for _, code in known], self._strength
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
            model = LinearModel.load(grams.LANGUAGE, folder, "language")
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
        words, shares = self.weigh(text, known)
        ours, other = divide(shares, words)
        other = requested(text, self._others, self._around) or other
        if other:
            message.set("language_other", other, add_to_output=True)
        verdict = decide(ours, words, known)
        message.set(WRITTEN, max(ours, key=ours.__getitem__) if ours else verdict.name)
        wanted = requested(text, self._names, self._around)
        if wanted:
            set_intent(message, "choose_language")
            verdict = Verdict(wanted, 1.0)
        _note(message, verdict)

    def weigh(self, text: str, known: Known) -> tuple[int, dict[str, float]]:
        """Return how many words of a text can tell a language, and each language's probability."""
        tidied = tidy(text)
        words = telling(tidied, self._neutral)
        if not words and not known.language:
            # A greeting is evidence only while there is no other.
            words = telling(tidied, ())
        if self._model is None or not words:
            return 0, {}
        return len(words), self._model.probabilities(" ".join(words))


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
