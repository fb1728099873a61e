"""Notes whether an answer helped, and why it did not."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import topics
from actions.turn import entity, person_of

REASONS = ("unclear", "wrong", "other")


class ActionFeedback(Action):
    """Thank, and after a "no" ask for the reason; it may be left unanswered."""

    def name(self) -> str:
        return "action_feedback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        found = entity(tracker, "feedback") or {}
        kind, (label, _, reason) = found.get("role"), found.get("value", "").partition(".")
        person = person_of(tracker)
        details = {
            "label": label,
            "language": person.language,
            "channel": person.channel,
            "country": person.country,
        }
        if kind == "w":
            event = {"type": "feedback.reason", "details": {**details, "reason": reason}}
            dispatcher.utter_message(
                response="utter_thanks_feedback", choices=topics(), events=[event]
            )
            return []
        helped = kind == "u"
        event = {"type": "feedback", "details": {**details, "helpful": helped}}
        dispatcher.utter_message(
            response="utter_thanks_feedback" if helped else "utter_sorry_feedback",
            choices=[] if helped else [f"w:{label}.{why}" for why in REASONS],
            events=[event],
        )
        return []
