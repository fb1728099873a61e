"""What a button does that neither answers a question nor names a place."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ELSEWHERE, ask_for_place, menu, offer_languages, say, topics
from actions.lines import PENDING, say_lines
from actions.turn import entity
from bot.content.live import live_release
from bot.content.model import Answer
from bot.runtime.keys import DAY, TRACKER_FOR

# command -> (phrase, buttons). What needs more has a method. The worker erases when it sees
# ``erased``, and records ``stopped`` and ``started`` as consent, in one step with the reply.
_SAYS: dict[str, tuple[str, list[str]]] = {
    "stop": ("stopped", ["x:start"]),
    "erase": ("erase_confirm", ["x:erase_yes", "x:erase_no"]),
    "erase_yes": ("erased", []),
    "erase_no": ("erase_cancelled", ["x:menu"]),  # a "yes" to come is to something else
    "my_data": ("my_data", ["x:erase", "x:safety"]),
    "exit": ("safe_exit", []),
    "safe": ("safe_word", []),
    "insult": ("calm", []),
    "safety": ("safety_words", ["x:my_data", "x:erase", "x:menu"]),
}
# The same with topics under it.
_LEADS: dict[str, str] = {
    "none": "not_understood",
    "not_me": "crisis_not_me_reply",
    "start": "started",
}


class ActionCommand(Action):
    """Do what was tapped or typed as a command."""

    def name(self) -> str:
        return "action_command"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        command = (entity(tracker, "command") or {}).get("value", "menu")
        if command in ("place", "elsewhere"):
            return await self._place(dispatcher, tracker, command)
        if command == "languages":
            offer_languages(dispatcher)
        elif command in _LEADS:
            dispatcher.utter_message(response=f"utter_{_LEADS[command]}", choices=topics())
        elif command in _SAYS:
            phrase, choices = _SAYS[command]
            dispatcher.utter_message(
                response=f"utter_{phrase}", choices=choices, values={"days": TRACKER_FOR // DAY}
            )
        else:
            dispatcher.utter_message(response="utter_menu_title", choices=menu())
            return [SlotSet("guide", None), SlotSet("pending", None)]
        return []

    async def _place(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, command: str
    ) -> list[EventType]:
        """Ask for the country again, or answer for none of those offered."""
        label = tracker.get_slot("pending") or tracker.get_slot("topic")
        if label == PENDING:
            return say_lines(dispatcher, ELSEWHERE if command == "elsewhere" else None)
        found = live_release().current.answer(label, "es") if label else None
        answer: Answer | None = found[0] if found else None
        if answer is None or not answer.asks:
            dispatcher.utter_message(response="utter_menu_title", choices=menu())
            return []
        if command == "elsewhere":
            return await say(dispatcher, tracker, answer.name, {answer.asks: ELSEWHERE})
        ask_for_place(dispatcher, answer)
        return [SlotSet(answer.asks, None), SlotSet("pending", answer.name)]
