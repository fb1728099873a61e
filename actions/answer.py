"""Answers a question on one of the topics."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import say
from actions.places import told_places
from actions.turn import topic_of
from bot.content.live import live_release


class ActionAnswer(Action):
    """Say the answer to the topic of the latest message."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        label = topic_of(tracker)
        found = live_release().current.answer(label, "es")
        return await say(
            dispatcher, tracker, label, told_places(tracker, found[0].asks if found else "")
        )
