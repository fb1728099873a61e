"""The lines to call in the country where a person is: told, remembered, or shared as a location."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import ELSEWHERE, USUAL_COUNTRIES, topics
from actions.turn import metadata_of, person_of
from bot.content.live import live_release
from bot.content.model import Contact
from bot.content.nearby import ROLES

PENDING = "lines"  # what waits for a country, where an answer would stand


class ActionLines(Action):
    """Say them, or ask for the country; near a border a location alone does not tell it."""

    def name(self) -> str:
        return "action_lines"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        if intent != "sent_location":
            return _lines(dispatcher, tracker, person_of(tracker).country)
        # Only the country reaches us; the place itself was dropped by the worker.
        found = metadata_of(tracker).get("countries") or []
        if len(found) == 1:
            return [SlotSet("country", found[0]), *_lines(dispatcher, tracker, found[0])]
        if found:
            dispatcher.utter_message(
                response="utter_near_border",
                choices=[*(f"c:{code}" for code in found), "x:elsewhere"],
            )
            return [SlotSet("pending", PENDING)]
        return ask_country(dispatcher, "location_received")


def ask_country(dispatcher: CollectingDispatcher, phrase: str) -> list[EventType]:
    """Ask where the person is; the lines wait for it."""
    dispatcher.utter_message(
        response=f"utter_{phrase}",
        choices=[f"c:{code}" for code in USUAL_COUNTRIES] + ["x:elsewhere"],
    )
    return [SlotSet("pending", PENDING)]


def _lines(
    dispatcher: CollectingDispatcher, tracker: Tracker, country: str | None
) -> list[EventType]:
    """Say the lines of a country; a guided conversation waits meanwhile."""
    resume = ["x:resume"] if guiding.under_way(tracker) else []
    return [*say_lines(dispatcher, country, resume), *guiding.paused(tracker)]


def say_lines(
    dispatcher: CollectingDispatcher, country: str | None, first: Sequence[str] = ()
) -> list[EventType]:
    """Say the lines of a country, with the buttons ``first`` before the usual; or ask for it."""
    if not country:
        return ask_country(dispatcher, "ask_country")
    facts = live_release().current.content.facts.values()
    known = any(isinstance(f, Contact) and f.country == country and f.role in ROLES for f in facts)
    if country == ELSEWHERE or not known:
        dispatcher.utter_message(response="utter_near_none", choices=[*first, *topics()])
    else:
        dispatcher.utter_message(
            response=f"utter_lines/{country}",
            choices=[*first, "x:place", "x:menu"],
            events=[{"type": "referral", "details": {"contact": "lines", "country": country}}],
        )
    return [SlotSet("pending", None), SlotSet("topic", PENDING)]
