"""Lets people choose the language Faro answers in."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import offer_languages, say
from actions.lines import PENDING, say_lines
from actions.turn import entity
from bot.content.live import live_release


class ActionSetLanguage(Action):
    """Switch to the language asked for, and say so in it."""

    def name(self) -> str:
        return "action_set_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        asked = entity(tracker, "language")
        languages = live_release().current.languages
        if asked is None or asked["value"] not in languages:
            offer_languages(dispatcher)
            return []
        dispatcher.utter_message(response="utter_language_set")
        chosen: list[EventType] = [
            SlotSet("language", asked["value"]),
            SlotSet("language_chosen", True),
        ]
        # Whoever switches in the middle wants the last answer again, not to ask it anew.
        if found := guiding.under_way(tracker):
            return chosen + guiding.ask(dispatcher, *found)
        topic = tracker.get_slot("topic")
        if topic == PENDING:
            return chosen + say_lines(dispatcher, tracker.get_slot("country"))
        if topic:
            return chosen + await say(dispatcher, tracker, topic)
        return chosen
