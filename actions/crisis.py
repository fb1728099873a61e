"""Answers a crisis that only the model heard; remembers one that the desk has answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.turn import entity, set_lately
from bot import settings
from bot.content.files import read_yaml
from bot.payloads import CRISIS_CHOICES
from bot.places import Names

LATELY = 3 * 3600  # seconds for which small talk is not answered as small talk


class ActionCrisis(Action):
    """Say nothing if the desk did: a second message would bury the first.

    A country told next is for the crisis.
    """

    def name(self) -> str:
        return "action_crisis"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        found = entity(tracker, "crisis")
        if not found:
            return []
        if not found.get("answered", True):
            _answer(dispatcher, tracker, found["value"])
        # A guided conversation waits: what is said next is about the danger.
        return [SlotSet("pending", f"crisis_{found['value']}"), *guiding.paused(tracker)]


def still_here(
    dispatcher: CollectingDispatcher, tracker: Tracker, near: Sequence[str] = ()
) -> list[EventType] | None:
    """Stay with somebody who told of a crisis lately; None if nobody did.

    For what is no question: "thanks", "they are gone", an age. The country is still waited for.
    """
    said = [set_lately(tracker, slot, LATELY) or "" for slot in ("pending", "topic")]
    if not any(label.startswith("crisis_") for label in said):
        return None
    known = tracker.get_slot("country")
    more = ["x:near", "a:talk_to_human"] if known else list(CRISIS_CHOICES)
    choices = list(dict.fromkeys([*near, *more]))
    dispatcher.utter_message(response="utter_crisis_still_here", choices=choices)
    return []


def _answer(dispatcher: CollectingDispatcher, tracker: Tracker, crisis: str) -> None:
    """Say what the desk would have said, and tell staff."""
    message = tracker.latest_message.get("message_id")
    details = {"crisis": crisis, "rule": "model", "message": message}
    told = tracker.latest_message.get("text") or ""
    where = _place_names().where(told, tracker.get_slot("country"))
    dispatcher.utter_message(
        response=f"utter_faq/crisis_{crisis}",
        places={"country": where},
        choices=[
            payload for payload in CRISIS_CHOICES if not where or not payload.startswith("c:")
        ],
        events=[{"type": "crisis", "details": details}],
    )


@lru_cache(maxsize=1)
def _place_names() -> Names:
    return Names(**read_yaml(settings.ROOT / "data" / "places.yml"))
