"""Recognises what a message is about."""

from __future__ import annotations

import inspect
import re
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
from bot.clauses import clauses
from bot.content.files import read_yaml
from bot.identify import DEFAULT
from bot.pipeline import (
    cholesky,
    encoder,
    gram_space,
    kernel,
    likeness,
    projection,
    topic_model,
)
from bot.pipeline.language import WRITTEN
from bot.pipeline.phrases import digest, phrases
from bot.pipeline.readers import learn_reader
from bot.pipeline.topic_model import MANY, Phrase, TopicModel
from bot.pipeline.topics import FAQ, is_decided, set_intent, set_ranking, set_topic

FALLBACK = "nlu_fallback"
ALSO = "also_about"  # the topic of a second question in the same message
_BOTH_AMONG = 3  # the first topics of the whole message
# Nobody asks a second question with these.
_NO_QUESTIONS = frozenset(
    {"out_of_scope", "greeting", "thanks", "stop_messages", "change_language", "talk_to_human"}
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent):
    """Last component of the pipeline: names the topic, or leaves the ranking to ask back with.

    ``confidence`` is the probability the first topic needs, ``margin`` its lead over the
    second; ``ranking`` says how many topics are kept; ``offset``, ``mix`` and ``ridge`` are
    the kernel's (see ``bot.pipeline.kernel`` and ``Quadratic``); ``nlu`` and ``words`` are folders.
    All were chosen on held-out training phrases: there 10 % are answered wrongly. ``each`` is
    the probability that both parts of a message need to count as two questions.
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
        self._joins: dict[str, list[str]] = read_yaml(_folders(config)[1] / "joins.yml")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "confidence": 0.6,
            "margin": 0.25,
            "each": 0.8,
            "ranking": 10,
            "nlu": "data/nlu",
            "words": "data/language",
            "offset": 0.5,
            "mix": 0.3,
            "ridge": 0.15,
        }

    @staticmethod
    def required_packages() -> list[str]:
        return ["numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when a phrase's language, a word list or the code of the model changes."""
        code = (
            cholesky,
            encoder,
            gloss,
            gram_space,
            grams,
            kernel,
            likeness,
            normalise,
            projection,
            reading,
            spelling,
        )
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
        spoken = phrases(nlu)
        languages = dict(spoken)
        known = []
        for message in training_data.intent_examples:
            text, key = message.get(TEXT), message.get(INTENT_RESPONSE_KEY)
            if text and key and message.get(INTENT) == FAQ:
                known.append(Phrase(text, key.split("/", 1)[1], languages.get(text, DEFAULT)))
        if len({phrase.label for phrase in known}) > 1:
            self._model = learn(known, self._config, spoken)
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
        except (ValueError, FileNotFoundError):  # trained without topics
            return cls(config, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        open_ones = [message for message in messages if not is_decided(message)]
        texts = [
            (message.get(TEXT) or "", message.get(WRITTEN) or DEFAULT) for message in open_ones
        ]
        for message, (ranking, two) in zip(open_ones, self.rank_with_parts(texts), strict=True):
            if two and set(two) <= {label for label, _ in ranking[:_BOTH_AMONG]}:
                set_topic(message, _led_by(two[0], ranking))
                message.set(ALSO, two[1], add_to_output=True)
            elif is_sure(ranking, self._config):
                set_topic(message, ranking)
            else:
                set_intent(message, FALLBACK, 1.0 - ranking[0][1] if ranking else 1.0)
                set_ranking(message, ranking)
        return messages

    def rank_with_parts(
        self, texts: Sequence[tuple[str, str]]
    ) -> list[tuple[list[tuple[str, float]], tuple[str, str] | None]]:
        """Return each text's ranking, and the topics of two questions if it asks just two."""
        parts = [clauses(text, self._joins.get(language, ())) for text, language in texts]
        # Most messages have one part: they are not read a second time.
        several = [some if len(some) > 1 else [] for some in parts]
        pieces = [
            (part, language)
            for some, (_, language) in zip(several, texts, strict=True)
            for part in some
        ]
        # In one go, because each costs less in company.
        rankings = iter(self.rank([*texts, *pieces]))
        wholes = [next(rankings) for _ in texts]
        return [
            (whole, self._two_questions([next(rankings) for _ in some]))
            for whole, some in zip(wholes, several, strict=True)
        ]

    def _two_questions(self, rankings: Sequence[list[tuple[str, float]]]) -> tuple[str, str] | None:
        """Return the topics that the parts of a text ask for, in order, if they are two."""
        sure = [
            ranking[0][0]
            for ranking in rankings
            if ranking
            and ranking[0][1] >= self._config["each"]
            and ranking[0][0] not in _NO_QUESTIONS
        ]
        asked = list(dict.fromkeys(sure))
        return (asked[0], asked[1]) if len(asked) == 2 else None

    def rank(self, texts: Sequence[tuple[str, str]]) -> list[list[tuple[str, float]]]:
        """Return the topics of (text, language) pairs, best first; none for an empty text."""
        if self._model is None:
            return [[] for _ in texts]
        rankings = self._model.guess(texts)
        return [
            ranking[: self._config["ranking"]] if text.strip() else []
            for (text, _), ranking in zip(texts, rankings, strict=True)
        ]


def learn(
    phrases: Sequence[Phrase],
    config: dict[str, Any],
    spoken: Sequence[tuple[str, str]] | None = None,
) -> TopicModel:
    """Return the model of some phrases, which may come in any order.

    ``spoken`` are (text, language) pairs whose words are taken for right, by default the phrases.
    Where they are few, what a label is called counts as one more phrase.
    """
    labels = {phrase.label for phrase in phrases} if len(phrases) < MANY else set()
    known = sorted([*phrases, *(Phrase(in_words(label), label, "en") for label in labels)])
    _, words = _folders(config)
    reader = learn_reader(words, spoken or [(phrase.text, phrase.language) for phrase in known])
    shape = {name: config[name] for name in ("offset", "mix", "ridge")}
    return TopicModel.train(known, reader, **shape)


def in_words(label: str) -> str:
    """Return a label in words, which are English.

    >>> in_words("missing_relative"), in_words("support.opening_hours"), in_words("CANCEL_ORDER")
    ('missing relative', 'opening hours', 'cancel order')
    """
    return re.split(r"[./]", label)[-1].replace("_", " ").lower()


def _led_by(label: str, ranking: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return a ranking with one of its labels first; the probabilities stay in order."""
    names = [label, *(name for name, _ in ranking if name != label)]
    return list(zip(names, [share for _, share in ranking], strict=True))


def is_sure(ranking: Sequence[tuple[str, float]], config: dict[str, Any]) -> bool:
    """Return whether the first topic may be answered without asking back."""
    if not ranking:
        return False
    first, second = ranking[0][1], ranking[1][1] if len(ranking) > 1 else 0.0
    return bool(first >= config["confidence"] and first - second >= config["margin"])


def _folders(config: dict[str, Any]) -> tuple[Path, Path]:
    # What Rasa has cached, it fingerprints without our defaults.
    config = {**TopicClassifier.get_default_config(), **config}
    return settings.ROOT / config["nlu"], settings.ROOT / config["words"]
