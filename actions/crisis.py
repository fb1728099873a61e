"""Remembers a crisis that the desk has answered already."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import entity


class ActionCrisis(Action):
    """Say nothing: a second message would bury the first. A country told next is for the crisis."""

    def name(self) -> str:
        return "action_crisis"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        found = entity(tracker, "crisis")
        return [SlotSet("pending", f"crisis_{found['value']}")] if found else []
