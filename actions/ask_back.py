"""Asks back rather than guess."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import guiding
from actions.answering import menu, topics
from actions.crisis import still_here
from actions.places import names_of, told_places
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
        release = live_release().current
        near = [
            f"a:{label}"
            for label, share in ranking_of(tracker)
            if share >= WORTH_OFFERING
            and label not in _NO_TOPICS
            and release.answer(label, "es") is not None
        ][:OFFERED]
        gone_on = await guiding.go_on(dispatcher, tracker, topics_near=bool(near))
        if gone_on is not None:
            return gone_on
        if (stayed := still_here(dispatcher, tracker, near[:1])) is not None:
            return stayed
        if is_wordless(tracker):
            dispatcher.utter_message(response="utter_menu_title", choices=menu())
            return []
        more = ["x:resume"] if guiding.under_way(tracker) else []
        if metadata_of(tracker).get("forwarded"):
            more.append("g:scam")  # "is this true?"
        if len(near) == 1 and not more:
            more.append("g:path")  # one topic alone is rarely the one that was meant
        # A place told in the same breath is remembered, and said, so that nobody is asked twice.
        told = told_places(tracker, "")
        said: dict[str, Any] = {}
        if told:
            said = {"lead": ["country_set"], "values": {"country": names_of(tracker, told)}}
        if near:
            choices = [*near, *more, "x:none"]
            dispatcher.utter_message(response="utter_ask_back", choices=choices, **said)
        elif is_insult(tracker):
            dispatcher.utter_message(response="utter_calm")
        else:
            rest = [payload for payload in topics() if payload not in more]
            dispatcher.utter_message(response="utter_not_understood", choices=more + rest, **said)
        learned: list[EventType] = [SlotSet(slot, code) for slot, code in told.items()]
        return [*learned, *guiding.paused(tracker)]
