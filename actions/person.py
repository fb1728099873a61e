"""Brings in a person of the team: only with consent, only when somebody is there."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import say, topics
from actions.lines import say_lines
from actions.turn import entity, person_of
from bot import team
from bot.content.phrasing import say_hours

HANDED_OVER = 6  # last messages of the person that staff get to read


class ActionPerson(Action):
    """Ask for consent, hand over, or say honestly that nobody is there."""

    def name(self) -> str:
        return "action_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        command = (entity(tracker, "command") or {}).get("value")
        hours = team.team_hours()
        if not team.staffed() or hours is None:
            return await say(dispatcher, tracker, "talk_to_human")
        person = person_of(tracker)
        values = {"hours": say_hours(hours, person.language)}
        if not team.open_now():
            dispatcher.utter_message(response="utter_human_closed", values=values)
            return say_lines(dispatcher, person.country)
        if command == "human_no":
            dispatcher.utter_message(response="utter_human_declined", choices=topics())
        elif command == "human_yes":
            self._hand_over(dispatcher, tracker)
        else:
            dispatcher.utter_message(
                response="utter_human_consent",
                values=values,
                choices=["x:human_yes", "x:human_no"],
            )
        return []

    def _hand_over(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Say so; the worker queues it, with what was written last, in one step with the reply."""
        person = person_of(tracker)
        pending = tracker.get_slot("pending") or tracker.get_slot("topic") or ""
        urgent = pending.startswith("crisis_")
        typed = [
            event["text"]
            for event in tracker.events
            if event.get("event") == "user"
            and event.get("text")
            and not (event.get("metadata") or {}).get("choice")
        ]
        dispatcher.utter_message(
            response="utter_human_queued",
            handover={
                "priority": "high" if urgent else "normal",
                "reason": "asked",
                "language": person.language,
                "country": person.country,
                "topic": tracker.get_slot("topic"),
                "texts": typed[-HANDED_OVER:],
            },
        )
