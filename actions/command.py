"""What a button does that neither answers a question nor names a place."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ELSEWHERE, ask_for_place, menu, say
from actions.turn import entity
from bot.content.live import live_release
from bot.content.model import Answer
from bot.runtime.keys import DAY, TRACKER_FOR

# command -> (phrase, buttons). What needs more has a method.
_SAYS: dict[str, tuple[str, list[str]]] = {
    "menu": ("menu_title", menu()),
    "none": ("not_understood", menu()),
    "not_me": ("crisis_not_me_reply", menu()),
    "stop": ("stopped", []),
    "start": ("started", menu()),
    "erase": ("erase_confirm", ["x:erase_yes", "x:erase_no"]),
    "erase_yes": ("erased", []),  # the worker erases when it sees this phrase
    "erase_no": ("erase_cancelled", []),
    "my_data": ("my_data", ["x:erase"]),
    "exit": ("safe_exit", []),
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
        phrase, choices = _SAYS.get(command, _SAYS["menu"])
        dispatcher.utter_message(
            response=f"utter_{phrase}", choices=choices, values={"days": TRACKER_FOR // DAY}
        )
        return []

    async def _place(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, command: str
    ) -> list[EventType]:
        """Ask for the country again, or answer for none of those offered."""
        label = tracker.get_slot("pending") or tracker.get_slot("topic")
        found = live_release().current.answer(label, "es") if label else None
        answer: Answer | None = found[0] if found else None
        if answer is None or not answer.asks:
            dispatcher.utter_message(response="utter_menu_title", choices=menu())
            return []
        if command == "elsewhere":
            return await say(dispatcher, tracker, answer.name, {answer.asks: ELSEWHERE})
        ask_for_place(dispatcher, answer)
        return [SlotSet(answer.asks, None), SlotSet("pending", answer.name)]
