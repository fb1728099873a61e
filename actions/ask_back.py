"""Asks back rather than guess."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import topics
from actions.turn import metadata_of, ranking_of
from bot.content.live import live_release

OFFERED = 3
A_QUESTION = 4  # words: so long a text is hardly an answer to our question
WORTH_OFFERING = 0.1
# Never offered as "did you mean": they are no topics.
_NO_TOPICS = frozenset({"out_of_scope", "greeting", "thanks"})


class ActionAskBack(Action):
    """Offer the nearest topics by name, and a person to turn to."""

    def name(self) -> str:
        return "action_ask_back"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        going_on = guiding.under_way(tracker)
        words = (tracker.latest_message.get("text") or "").split()
        if going_on and not going_on[1]["paused"] and len(words) < A_QUESTION:
            return guiding.ask(dispatcher, *going_on, lead=["guide_unclear"])
        more = ["x:resume"] if going_on else []
        if metadata_of(tracker).get("forwarded"):
            more.append("g:scam")  # "is this true?"
        release = live_release().current
        near = [
            f"a:{label}"
            for label, share in ranking_of(tracker)
            if share >= WORTH_OFFERING
            and label not in _NO_TOPICS
            and release.answer(label, "es") is not None
        ][:OFFERED]
        if near:
            dispatcher.utter_message(response="utter_ask_back", choices=[*near, *more, "x:none"])
        else:
            dispatcher.utter_message(response="utter_not_understood", choices=more + topics())
        return guiding.paused(tracker)
