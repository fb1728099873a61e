"""Asks back rather than guess."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import menu, topics
from actions.turn import is_insult, is_wordless, metadata_of, ranking_of
from bot.content.live import live_release

OFFERED = 3
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
        asked_again = guiding.ask_again(dispatcher, tracker)
        if asked_again is not None:
            return asked_again
        if is_wordless(tracker):
            dispatcher.utter_message(response="utter_menu_title", choices=menu())
            return []
        more = ["x:resume"] if guiding.under_way(tracker) else []
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
        elif is_insult(tracker):
            dispatcher.utter_message(response="utter_calm")
        else:
            dispatcher.utter_message(response="utter_not_understood", choices=more + topics())
        return guiding.paused(tracker)
