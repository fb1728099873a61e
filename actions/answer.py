"""Answers a question on one of the topics."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import say
from actions.places import told_places
from actions.turn import also_about, topic_of
from bot.content.live import live_release

# In the middle of a guided conversation these are a short answer that was not understood.
NO_TOPICS = frozenset({"out_of_scope", "thanks"})


class ActionAnswer(Action):
    """Say the answer to the topic of the latest message."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        label = topic_of(tracker)
        if label in NO_TOPICS:
            asked_again = guiding.ask_again(dispatcher, tracker)
            if asked_again is not None:
                return asked_again
        found = live_release().current.answer(label, "es")
        places = told_places(tracker, found[0].asks if found else "")
        return await say(dispatcher, tracker, label, places, also=also_about(tracker))
