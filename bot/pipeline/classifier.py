"""Recognises what a message is about."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import gloss, grams, normalise, reading, settings, spelling
from bot.identify import DEFAULT
from bot.pipeline import encoder, gram_space, kernel, topic_model
from bot.pipeline.kernel import Shape
from bot.pipeline.language import WRITTEN
from bot.pipeline.phrases import digest, phrases
from bot.pipeline.readers import learn_reader
from bot.pipeline.topic_model import Phrase, TopicModel
from bot.pipeline.topics import FAQ, is_decided, set_intent, set_ranking, set_topic
from bot.reading import Reader

FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent):
    """Last component of the pipeline: names the topic, or leaves the ranking to ask back with.

    ``confidence`` is the probability the first topic needs, ``margin`` its lead over the
    second; ``ranking`` says how many topics are kept; ``sharpness``, ``mix`` and ``ridge``
    are the kernel's (see ``bot.pipeline.kernel``); ``nlu`` and ``words`` are folders.
    All were chosen on held-out training phrases: there 10 % are answered wrongly.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: TopicModel | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "confidence": 0.45,
            "margin": 0.15,
            "ranking": 10,
            "nlu": "data/nlu",
            "words": "data/language",
            **Shape(mix=0.3)._asdict(),
        }

    @staticmethod
    def required_packages() -> list[str]:
        return ["numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when a phrase's language, a word list or the code of the model changes."""
        code = (encoder, gloss, gram_space, grams, kernel, normalise, reading, spelling)
        return digest(_folders(config)) + "".join(map(inspect.getsource, (*code, topic_model)))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        nlu, _ = _folders(self._config)
        spoken = dict(phrases(nlu))
        known = []
        for message in training_data.intent_examples:
            text, key = message.get(TEXT), message.get(INTENT_RESPONSE_KEY)
            if text and key and message.get(INTENT) == FAQ:
                known.append(Phrase(text, key.split("/", 1)[1], spoken.get(text, DEFAULT)))
        if len({phrase.label for phrase in known}) > 1:
            known.sort()
            shape = Shape(**{name: self._config[name] for name in Shape._fields})
            self._model = TopicModel.train(known, self._reader(known), shape)
            with self._storage.write_to(self._resource) as folder:
                self._model.save(folder)
        return self._resource

    def _reader(self, known: Sequence[Phrase]) -> Reader:
        _, words = _folders(self._config)
        return learn_reader(words, [(phrase.text, phrase.language) for phrase in known])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, TopicModel.load(folder))
        except (ValueError, FileNotFoundError):  # trained without topics
            return cls(config, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        open_ones = [message for message in messages if not is_decided(message)]
        texts = [
            (message.get(TEXT) or "", message.get(WRITTEN) or DEFAULT) for message in open_ones
        ]
        for message, ranking in zip(open_ones, self.rank(texts), strict=True):
            if self.is_sure(ranking):
                set_topic(message, ranking)
            else:
                set_intent(message, FALLBACK, 1.0 - ranking[0][1] if ranking else 1.0)
                set_ranking(message, ranking)
        return messages

    def rank(self, texts: Sequence[tuple[str, str]]) -> list[list[tuple[str, float]]]:
        """Return the topics of (text, language) pairs, best first; none for an empty text."""
        if self._model is None:
            return [[] for _ in texts]
        guesses = self._model.guess(texts)
        return [
            guess.ranking[: self._config["ranking"]] if text.strip() else []
            for (text, _), guess in zip(texts, guesses, strict=True)
        ]

    def is_sure(self, ranking: Sequence[tuple[str, float]]) -> bool:
        """Return whether the first topic may be answered without asking back."""
        if not ranking:
            return False
        first, second = ranking[0][1], ranking[1][1] if len(ranking) > 1 else 0.0
        enough: float = self._config["confidence"]
        lead: float = self._config["margin"]
        return first >= enough and first - second >= lead


def _folders(config: dict[str, Any]) -> tuple[Path, Path]:
    # What Rasa has cached, it fingerprints without our defaults.
    config = {**TopicClassifier.get_default_config(), **config}
    return settings.ROOT / config["nlu"], settings.ROOT / config["words"]
