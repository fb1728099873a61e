"""Where a guided conversation stands, and how it goes on; see ``bot.guides``."""

from __future__ import annotations

import time
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import menu, say
from actions.turn import person_of
from bot import guides
from bot.commands import recognise
from bot.content.live import live_release
from bot.guides import Guide, State, Step

SLOT = "guide"
A_QUESTION = 4  # words: so long a text is hardly an answer to our question
AN_ASIDE = 8  # words: "yes" and what else there is to say


def under_way(tracker: Tracker) -> tuple[Guide, State] | None:
    """Return the guided conversation that goes on, with its state."""
    state = guides.current(tracker.get_slot(SLOT), time.time())
    guide = live_release().current.content.guides.get(state["name"]) if state else None
    return (guide, state) if guide and state else None


def waiting(tracker: Tracker) -> tuple[Guide, State] | None:
    """Return the guided conversation whose question waits for its answer."""
    found = under_way(tracker)
    return found if found and not found[1]["paused"] else None


def begin(dispatcher: CollectingDispatcher, tracker: Tracker, name: str) -> list[EventType]:
    """Say what it is about and ask the first question."""
    guide = live_release().current.content.guides[name]
    person = person_of(tracker)
    known = {"country": person.country, "origin": person.origin}
    state = guides.begin(guide, known, time.time())
    return ask(dispatcher, guide, state, lead=[f"start_{name}"])


def ask(
    dispatcher: CollectingDispatcher,
    guide: Guide,
    state: State,
    lead: list[str] | None = None,
) -> list[EventType]:
    """Ask the next question and remember where we are."""
    step = guides.next_step(guide, state)
    if step is None:  # staff took the questions out in the meantime
        return leave(dispatcher)
    dispatcher.utter_message(
        response=f"utter_ask_{guide.name}_{step.name}",
        choices=[f"g:{guide.name}.{step.name}.{choice}" for choice in step.choices],
        lead=lead or [],
        right=f"g:{guide.name}.{step.name}.{step.right}" if step.right else "",
    )
    return [SlotSet(SLOT, {**state, "paused": False}), SlotSet("pending", None)]


async def take(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    guide: Guide,
    state: State,
    step: Step,
    choice: str,
) -> list[EventType]:
    """Go on after an answer: explain it if it was a quiz's, ask on, or say what follows."""
    state = guides.answer(state, step.name, choice, time.time())
    if step.right:
        dispatcher.utter_message(
            response=f"utter_faq/{guide.name}_{step.name}",
            places={"country": person_of(tracker).country},
            bare=True,
        )
    if guides.next_step(guide, state) is not None:
        return ask(dispatcher, guide, state)
    return await finish(dispatcher, tracker, guide, state)


async def finish(
    dispatcher: CollectingDispatcher, tracker: Tracker, guide: Guide, state: State
) -> list[EventType]:
    """Say what follows from the answers, and forget them."""
    found = guides.results(guide, state)
    person, answers = person_of(tracker), state["answers"]
    origin = answers.get("origin", person.origin)
    places = {"country": person.country or answers.get("where") or origin, "origin": origin}
    flags = {"flags": [f"flag_{guide.name}_{name}" for name in found.red]}
    values = {"count": len(found.red), "right": found.right, "total": len(state["steps"])}
    offers = list(found.offer)
    learned: list[EventType] = []
    for number, said in enumerate(found.say):
        last = number == len(found.say) - 1
        if said.startswith("a:"):
            # What was told about somebody else's country is not remembered.
            learned = await say(dispatcher, tracker, said[2:], places, remember=False)
        else:
            dispatcher.utter_message(
                response=f"utter_{said}",
                values=values,
                lists=flags,
                choices=offers if last else [],
                events=[] if number else [finished(guide, tracker)],
            )
    return [*learned, SlotSet(SLOT, None)]


def finished(guide: Guide, tracker: Tracker) -> dict[str, Any]:
    """Return the event that one was finished: which, not what was answered."""
    return {
        "type": "guide.finished",
        "details": {"guide": guide.name, "language": person_of(tracker).language},
    }


def leave(dispatcher: CollectingDispatcher) -> list[EventType]:
    """End it without a result, and forget the answers."""
    dispatcher.utter_message(response="utter_guide_left", choices=menu())
    return [SlotSet(SLOT, None)]


async def go_on(
    dispatcher: CollectingDispatcher, tracker: Tracker, *, topics_near: bool
) -> list[EventType] | None:
    """Take a text that begins with an answer for it, else ask the question anew.

    Return None if no question waits, or if the text is long and there are topics near it,
    which are worth asking back for.
    """
    found = waiting(tracker)
    if not found:
        return None
    if (taken := await answered(dispatcher, tracker)) is not None:
        return taken
    words = len((tracker.latest_message.get("text") or "").split())
    if topics_near and words >= A_QUESTION:
        return None
    return ask(dispatcher, *found, lead=["guide_unclear"])


async def answered(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType] | None:
    """Take a short text that begins with an answer for it; None if it is none, or none waits."""
    found = waiting(tracker)
    text = tracker.latest_message.get("text") or ""
    step = guides.next_step(*found) if found else None
    if not found or not step or len(text.split()) > AN_ASIDE:
        return None
    known = live_release().current.content.words
    begun = guides.begins(step, text, lambda word: recognise(word, known))
    return await take(dispatcher, tracker, *found, step, begun) if begun else None


def paused(tracker: Tracker) -> list[EventType]:
    """Return the event that something else was asked in the middle."""
    found = under_way(tracker)
    return [SlotSet(SLOT, {**found[1], "paused": True})] if found else []
