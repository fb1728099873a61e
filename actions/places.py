"""Remembers where a person is or is from, and gives the answer that waited for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import say, topics
from actions.lines import PENDING, say_lines
from actions.turn import person_of, set_lately
from bot.content.live import live_release
from bot.content.local import say_country
from bot.content.model import Answer

STILL_ABOUT = 3600  # seconds for which a place may be meant for the last answer
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
        return await take_place(dispatcher, tracker)


async def take_place(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Give what waited for the place, or the last answer anew if it was for another place."""
    if not told_places(tracker, ""):
        # A bare country, in the middle of a guided conversation, is about what was asked there.
        asked_anew = await guiding.go_on(dispatcher, tracker, topics_near=False)
        if asked_anew is not None:
            return asked_anew
    pending = tracker.get_slot("pending")
    waiting = _answer(pending)
    told = told_places(tracker, (waiting and waiting.asks) or "country")
    if waiting and waiting.asks == "origin" and told.get("country") in waiting.countries:
        # "Estoy en La Lima" answers "Where are you from?" well enough to not ask it twice.
        told.setdefault("origin", told["country"])
    learned: list[EventType] = [SlotSet(slot, code) for slot, code in told.items()]
    if pending == PENDING and told:
        return learned + say_lines(dispatcher, told.get("country"))
    if pending and pending != PENDING:
        return await say(dispatcher, tracker, pending, told)
    if not told:
        dispatcher.utter_message(response="utter_country_unknown")
        return []
    topic = set_lately(tracker, "topic", STILL_ABOUT)
    moved = any(tracker.get_slot(slot) != code for slot, code in told.items())
    if topic == PENDING and moved and "country" in told:
        return learned + say_lines(dispatcher, told["country"])
    about = _answer(topic)
    if topic and moved and about and about.asks in told:
        return await say(dispatcher, tracker, topic, told)
    choices = ["x:resume", *topics()] if guiding.under_way(tracker) else topics()
    values = {"country": names_of(tracker, told)}
    dispatcher.utter_message(response="utter_country_set", values=values, choices=choices)
    return learned


def names_of(tracker: Tracker, told: Mapping[str, str]) -> str:
    """Return the names of the places that were told."""
    language, release = person_of(tracker).language, live_release().current
    return ", ".join(say_country(release, code, language) for code in dict.fromkeys(told.values()))


def _answer(label: str | None) -> Answer | None:
    found = live_release().current.answer(label, "es") if label else None
    return found[0] if found else None
