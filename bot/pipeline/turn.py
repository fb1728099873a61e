"""Reads what is certain about a turn before any model: a tapped choice, a crisis, a voice note.

The worker passes it as the message's ``metadata`` (see ``bot.runtime.assistant``):
``choice`` (a payload), ``crisis`` (its type), ``kind`` and ``channel``.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.payloads import parse
from bot.pipeline.topics import set_intent, set_topic

# Commands that an action of their own answers; the others share one.
_OWN = {
    "near": "seek_lines",
    "human": "seek_person",
    "human_yes": "seek_person",
    "human_no": "seek_person",
    "resume": "guide",
    "quit": "guide",
}
# What came instead of words -> the intent that answers it.
_KINDS = {
    "media": "sent_media",
    "location": "sent_location",
    "contact": "sent_contact",
    "unsupported": "sent_unsupported",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TurnReader(GraphComponent):
    """First component of the pipeline."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TurnReader:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            about = message.get("metadata") or {}
            if about.get("crisis"):
                set_intent(message, "crisis")
                _add_entity(message, "crisis", about["crisis"])
            elif about.get("choice"):
                _read_choice(message, about["choice"])
            elif about.get("kind") in _KINDS:
                set_intent(message, _KINDS[about["kind"]])
        return messages


def _read_choice(message: Message, text: str) -> None:
    payload = parse(text)
    if payload is None:
        return
    if payload.kind == "a":
        set_topic(message, [(payload.value, 1.0)])
    elif payload.kind in ("c", "o"):
        set_intent(message, "tell_place")
        _add_entity(message, "country", payload.value, role=payload.kind)
    elif payload.kind == "l":
        set_intent(message, "choose_language")
        _add_entity(message, "language", payload.value)
    elif payload.kind == "g":
        set_intent(message, "guide")
        _add_entity(message, "guide", payload.value)
    elif payload.kind in ("u", "d", "w"):
        set_intent(message, "feedback")
        _add_entity(message, "feedback", payload.value, role=payload.kind)
    else:
        set_intent(message, _OWN.get(payload.value, "command"))
        _add_entity(message, "command", payload.value)


def _add_entity(message: Message, name: str, value: str, **more: str) -> None:
    entity = {"entity": name, "value": value, "extractor": "TurnReader", **more}
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), entity], add_to_output=True)
