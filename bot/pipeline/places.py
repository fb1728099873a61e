"""Finds the countries a message names, so that an answer is never about the wrong one."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import settings
from bot.content.files import read_yaml
from bot.pipeline.topics import is_decided, set_intent
from bot.places import Names


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceExtractor(GraphComponent, EntityExtractorMixin):
    """Adds ``country`` entities with the role ``c`` (is there), ``o`` (is from) or "".

    A message that is little more than a country is the answer to our question.
    """

    def __init__(self, names: Names) -> None:
        self._names = names

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlaceExtractor:
        return cls(Names(**read_yaml(settings.ROOT / "data" / "places.yml")))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if is_decided(message) or not message.get(TEXT):
                continue
            places = self._names.find(message.get(TEXT))
            entities = [
                {
                    "entity": "country",
                    "value": place.code,
                    "role": place.role,
                    "extractor": "PlaceExtractor",
                }
                for place in places
            ]
            if entities:
                message.set(
                    ENTITIES, [*(message.get(ENTITIES) or []), *entities], add_to_output=True
                )
            if places and all(place.alone for place in places):
                set_intent(message, "tell_place")
        return messages
