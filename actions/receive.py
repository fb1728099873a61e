"""Answers what is not text: a voice note, a photo, a contact card."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import topics
from actions.turn import metadata_of

_PHRASES = {
    "sent_contact": "contact_refused",
    "sent_unsupported": "unsupported",
}


class ActionReceive(Action):
    """Say kindly what we can and cannot do with it, and what to do instead."""

    def name(self) -> str:
        return "action_receive"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        intent = (tracker.latest_message.get("intent") or {}).get("name", "")
        voice = metadata_of(tracker).get("attachment") in ("voice", "audio")
        phrase = _PHRASES.get(intent, "voice_note" if voice else "media_received")
        if waiting := guiding.waiting(tracker):  # the question stands; here it is again
            return guiding.ask(dispatcher, *waiting, lead=[phrase])
        dispatcher.utter_message(response=f"utter_{phrase}", choices=topics())
        return []
