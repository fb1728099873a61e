"""Remembers where a person is or is from, and gives the answer that waited for it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import say, topics
from actions.lines import PENDING, say_lines
from actions.turn import person_of
from bot.content.live import live_release
from bot.content.local import say_country

_SLOTS = {"c": "country", "o": "origin"}


def told_places(tracker: Tracker, asked: str) -> dict[str, str]:
    """Return the places the latest message tells: slot -> country code.

    A country without "I am in" or "I am from" counts for what was ``asked``, if
    anything was; else it says nothing about the person.
    """
    told: dict[str, str] = {}
    for found in tracker.latest_message.get("entities") or []:
        if found["entity"] != "country":
            continue
        slot = _SLOTS.get(found.get("role") or "", asked)
        if slot:
            told.setdefault(slot, found["value"])
    return told


class ActionSetPlace(Action):
    """Take a country as the answer to our question, or as news about the person."""

    def name(self) -> str:
        return "action_set_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        pending = tracker.get_slot("pending")
        found = live_release().current.answer(pending, "es") if pending else None
        told = told_places(tracker, found[0].asks if found else "country")
        if pending == PENDING and told:
            learned: list[EventType] = [SlotSet(slot, code) for slot, code in told.items()]
            return learned + say_lines(dispatcher, told.get("country"))
        if pending and pending != PENDING:
            return await say(dispatcher, tracker, pending, told)
        if not told:
            dispatcher.utter_message(response="utter_country_unknown")
            return []
        language = person_of(tracker).language
        names = ", ".join(
            say_country(live_release().current, code, language) for code in told.values()
        )
        dispatcher.utter_message(
            response="utter_country_set", values={"country": names}, choices=topics()
        )
        return [SlotSet(slot, code) for slot, code in told.items()]
