"""Saying one answer: the country it needs, the facts it rests on, the buttons after it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import current
from actions.turn import person_of
from bot.content.codec import plain
from bot.content.live import live_release
from bot.content.model import Answer
from bot.content.placeholders import named

ELSEWHERE = "XX"  # the person said: none of these countries
# Where we ask for a country and the answer itself names none.
USUAL_COUNTRIES = ("HN", "GT", "SV", "NI", "MX", "US")
ROLES = {"country": "c", "origin": "o"}


async def say(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    label: str,
    known: dict[str, str] | None = None,
) -> list[EventType]:
    """Say the answer ``label``, or ask for the country it depends on.

    ``known`` holds places this turn told us (``country``, ``origin``), which win over
    the remembered ones. Return the events that remember what was learned.
    """
    known = known or {}
    person = person_of(tracker)
    release = live_release().current
    found = release.answer(label, person.language)
    if found is None:
        dispatcher.utter_message(response="utter_not_understood", choices=menu())
        return []
    answer, _ = found
    learned: list[EventType] = [SlotSet(name, code) for name, code in known.items()]
    places = {"country": person.country, "origin": person.origin, **known}
    if answer.asks and not places[answer.asks]:
        ask_for_place(dispatcher, answer)
        return [*learned, SlotSet("pending", label)]
    place = places[answer.asks] if answer.asks else places["country"]
    dispatcher.utter_message(
        response=f"utter_faq/{label}",
        places=places,
        live=await _live_facts(answer, place),
        after=["x:place"] if answer.asks else [],
    )
    return [*learned, SlotSet("pending", None), SlotSet("topic", label)]


def ask_for_place(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """Ask which country an answer is to be about."""
    role = ROLES[answer.asks]
    countries = [code for code in USUAL_COUNTRIES if code in answer.countries] or USUAL_COUNTRIES
    others = [code for code in answer.countries if code not in countries]
    dispatcher.utter_message(
        response=f"utter_ask_{answer.asks}",
        choices=[f"{role}:{code}" for code in [*countries, *others]] + ["x:elsewhere"],
    )


def menu() -> list[str]:
    """Return the buttons offered when nothing closer is known."""
    return [f"a:{label}" for label in ("asylum_us", "work_visa_h2", "missing_relative")] + [
        "a:talk_to_human"
    ]


async def _live_facts(answer: Answer, place: str | None) -> list[dict[str, Any]]:
    """Return the facts of an answer that are fetched from their source, as plain data."""
    wording = answer.wording(place)
    names = named("\n".join((wording.text, wording.sms, wording.telegram)))
    facts = live_release().current.content.facts
    fetched = [await current(name) for name in names if name in facts and facts[name].live]
    return [plain(found.fact) for found in fetched if found and found.status != "withdrawn"]
