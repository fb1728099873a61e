"""Leads a guided conversation: the scam check, the pathway finder, lost contact, the quiz."""

from __future__ import annotations

import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import menu
from actions.turn import entity, metadata_of, person_of
from bot import guides
from bot.content.live import live_release


class ActionGuide(Action):
    """Begin, go on with, or leave one, as the tapped or understood choice says."""

    def name(self) -> str:
        return "action_guide"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        command = (entity(tracker, "command") or {}).get("value")
        if command == "quit":
            return self._quit(dispatcher, tracker)
        if command == "resume":
            return self._resume(dispatcher, tracker)
        name, _, answered = (entity(tracker, "guide") or {}).get("value", "").partition(".")
        guide = live_release().current.content.guides.get(name)
        if guide is None:  # taken out since its button was sent
            dispatcher.utter_message(response="utter_menu_title", choices=menu())
            return []
        step_name, _, choice = answered.partition(".")
        step = guide.step(step_name)
        if step is None or choice not in step.choices:
            return guiding.begin(dispatcher, tracker, name)
        state = self._state(tracker, guide)
        if step_name not in state["steps"]:  # an old button of an earlier round
            return guiding.begin(dispatcher, tracker, name)
        return await guiding.take(dispatcher, tracker, guide, state, step, choice)

    def _state(self, tracker: Tracker, guide: guides.Guide) -> guides.State:
        """Return where this guide stands; from the beginning if it was over."""
        found = guiding.under_way(tracker)
        if found and found[0].name == guide.name:
            return found[1]
        person = person_of(tracker)
        known = {"country": person.country, "origin": person.origin}
        return guides.begin(guide, known, time.time())

    def _quit(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        if guiding.under_way(tracker):
            return guiding.leave(dispatcher)
        left_staff = metadata_of(tracker).get("with_staff")
        phrase = "human_back" if left_staff else "menu_title"
        dispatcher.utter_message(response=f"utter_{phrase}", choices=menu())
        return [SlotSet(guiding.SLOT, None), SlotSet("pending", None)]

    def _resume(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        if found := guiding.under_way(tracker):
            return guiding.ask(dispatcher, *found)
        dispatcher.utter_message(response="utter_guide_nothing", choices=menu())
        return [SlotSet(guiding.SLOT, None)]
