"""Answers a question on one of the topics."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import say
from actions.crisis import still_here
from actions.places import take_place, told_places
from actions.turn import also_about, is_insult, topic_of
from bot.content.live import live_release

# In the middle of a guided conversation these are a short answer that was not understood.
OUT_OF_SCOPE = "out_of_scope"
NO_TOPICS = frozenset({OUT_OF_SCOPE, "thanks"})
# There "si que no le diga a nadie" is an answer, and a topic has to be this sure to be heard in it.
SURE = 0.8


class ActionAnswer(Action):
    """Say the answer to the topic of the latest message."""

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        label = topic_of(tracker)
        if label == OUT_OF_SCOPE and is_insult(tracker):
            dispatcher.utter_message(response="utter_calm")
            return []
        if label in NO_TOPICS:
            gone_on = await guiding.go_on(dispatcher, tracker, topics_near=False)
            if gone_on is not None:
                return gone_on
            if (stayed := still_here(dispatcher, tracker)) is not None:
                return stayed
            if told_places(tracker, ""):  # "he is from Honduras"
                return await take_place(dispatcher, tracker)
        intent = tracker.latest_message.get("intent") or {}
        sure = float(intent.get("confidence") or 0.0) >= SURE
        if not sure and (taken := await guiding.answered(dispatcher, tracker)) is not None:
            return taken
        found = live_release().current.answer(label, "es")
        places = told_places(tracker, found[0].asks if found else "")
        return await say(dispatcher, tracker, label, places, also=also_about(tracker))
