"""Recognises what a message is about: a sentence encoder and a sparse model, averaged."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import grams, normalise
from bot.pipeline import encoder, topic_model
from bot.pipeline.topic_model import TopicModel
from bot.pipeline.topics import FAQ, is_decided, set_intent, set_ranking, set_topic

FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class TopicClassifier(GraphComponent):
    """Last component of the pipeline.

    ``confidence``: the first topic's share of probability below which we ask back;
    ``margin``: its least lead over the second; ``ranking``: how many topics are kept.
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
        return {"confidence": 0.4, "margin": 0.1, "ranking": 10}

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when the code behind the features changes."""
        return "".join(map(inspect.getsource, (grams, normalise, encoder, topic_model)))

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
        phrases = [
            (message.get(TEXT), message.get(INTENT_RESPONSE_KEY).split("/", 1)[1])
            for message in training_data.intent_examples
            if message.get(INTENT) == FAQ
            and message.get(TEXT)
            and message.get(INTENT_RESPONSE_KEY)
        ]
        if len({label for _, label in phrases}) > 1:
            self._model = TopicModel.train(phrases)
            with self._storage.write_to(self._resource) as folder:
                self._model.save(folder)
        return self._resource

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
        except (ValueError, FileNotFoundError):  # trained without a single topic
            return cls(config, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        open_ones = [m for m in messages if not is_decided(m)]
        texts = [message.get(TEXT) or "" for message in open_ones]
        for message, ranking in zip(open_ones, self.rank(texts)):
            if ranking and self.is_sure(ranking):
                set_topic(message, ranking)
            else:
                set_intent(message, FALLBACK, 1.0 - ranking[0][1] if ranking else 1.0)
                set_ranking(message, ranking)
        return messages

    def rank(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Return the most likely topics of each text, best first; none for an empty text."""
        if self._model is None or not texts:
            return [[] for _ in texts]
        shares = self._model.probabilities(texts)
        best = np.argsort(-shares, axis=1, kind="stable")[:, : self._config["ranking"]]
        return [
            [(self._model.classes[place], float(row[place])) for place in order]
            if text
            else []
            for text, row, order in zip(texts, shares, best)
        ]

    def is_sure(self, ranking: Sequence[tuple[str, float]]) -> bool:
        """Return whether the first topic may be answered without asking back."""
        second = ranking[1][1] if len(ranking) > 1 else 0.0
        first = ranking[0][1]
        return bool(
            first >= self._config["confidence"]
            and first - second >= self._config["margin"]
        )
