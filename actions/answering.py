"""Saying one answer: the country it needs, the facts it rests on, the buttons after it."""

from __future__ import annotations

import time
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import current
from actions.turn import metadata_of, person_of
from bot import guides
from bot.content.codec import plain
from bot.content.live import live_release
from bot.content.model import Answer
from bot.content.placeholders import named
from bot.team import staffed

ELSEWHERE = "XX"  # the person said: none of these countries
# Where we ask for a country and the answer itself names none.
USUAL_COUNTRIES = ("HN", "GT", "SV", "NI", "MX", "US")
ROLES = {"country": "c", "origin": "o"}
# What an answer leads to besides other topics.
_LEADS_TO: dict[str, tuple[str, ...]] = {
    "privacy": ("x:my_data", "x:erase"),
    "stop_messages": ("x:stop",),
    "talk_to_human": ("x:human", "x:near"),
    "hotlines": ("x:near",),
    "emergency_help": ("x:near",),
    "greeting": ("x:menu",),
    "violence_at_home": ("x:safety",),
}
# What is no answer to a question, so that nobody asks whether it helped.
_SMALL_TALK = frozenset({"greeting", "thanks", "out_of_scope", "talk_to_human", "change_language"})


async def say(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    label: str,
    known: dict[str, Any] | None = None,
    *,
    also: str = "",
    remember: bool = True,
) -> list[EventType]:
    """Say the answer ``label``, or ask for the country it depends on.

    ``known`` holds places this turn told us (``country``, ``origin``), which win over
    the remembered ones. Return the events that remember what was learned; the places
    only with ``remember``. ``also`` is a second topic asked about, to be offered first.
    """
    known = known or {}
    person = person_of(tracker)
    release = live_release().current
    found = release.answer(label, person.language)
    if found is None:
        dispatcher.utter_message(response="utter_not_understood", choices=topics())
        return []
    if label == "change_language":
        offer_languages(dispatcher)
        return []
    answer, _ = found
    going_on = guides.current(tracker.get_slot("guide"), time.time()) if remember else None
    guide = release.content.guides.get(going_on["name"]) if going_on else None
    # Asked in the middle of a guided conversation: what was told there need not be asked again.
    told = guides.told(guide, going_on) if guide and going_on else {}
    places = {"country": person.country, "origin": person.origin, **told, **known}
    learned: list[EventType] = [
        SlotSet(name, code) for name, code in known.items() if remember and code
    ]
    if going_on:
        learned.append(SlotSet("guide", {**going_on, "paused": True}))
    if label == tracker.get_slot("pending"):
        also = also or tracker.get_slot("also") or ""
    if answer.asks and not places[answer.asks]:
        ask_for_place(dispatcher, answer)
        return [*learned, SlotSet("pending", label), *_kept_waiting(tracker, also)]
    place = places[answer.asks] if answer.asks else places["country"]
    dispatcher.utter_message(
        response=f"utter_faq/{label}",
        places=places,
        live=await _live_facts(answer, place),
        after=_after(tracker, answer, bool(going_on), guided=not remember),
        also=[f"a:{also}"] if also and release.answer(also, "es") else [],
        feedback=label not in _SMALL_TALK and not label.startswith("crisis_"),
    )
    return [
        *learned,
        SlotSet("pending", None),
        SlotSet("topic", label),
        *_kept_waiting(tracker, ""),
    ]


def _kept_waiting(tracker: Tracker, also: str) -> list[EventType]:
    """Return the event by which a second topic waits, or waits no longer, if that changes."""
    also_then = tracker.get_slot("also") or ""
    return [SlotSet("also", also or None)] if also != also_then else []


def _after(tracker: Tracker, answer: Answer, going_on: bool, *, guided: bool) -> list[str]:
    """Return the buttons that follow an answer's own topics, the most useful first.

    ``guided``: the answer is the end of a guided conversation, which is not offered again.
    """
    offered = ["x:resume"] if going_on else list(_LEADS_TO.get(answer.name, ()))
    listed = live_release().current.content.guides.values()
    if not going_on and not guided:
        offered += [f"g:{guide.name}" for guide in listed if answer.name in guide.after]
        if metadata_of(tracker).get("forwarded") and "g:scam" not in offered:
            offered.insert(0, "g:scam")  # "is this true?"
    if not staffed():
        offered = [payload for payload in offered if payload != "x:human"]
    return offered + (["x:place"] if answer.asks and not guided else [])


def ask_for_place(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """Ask which country an answer is to be about."""
    role = ROLES[answer.asks]
    countries = [code for code in USUAL_COUNTRIES if code in answer.countries] or USUAL_COUNTRIES
    others = [code for code in answer.countries if code not in countries]
    dispatcher.utter_message(
        response=f"utter_ask_{answer.asks}",
        choices=[f"{role}:{code}" for code in [*countries, *others]] + ["x:elsewhere"],
    )


def offer_languages(dispatcher: CollectingDispatcher) -> None:
    """Show the languages, each under its own name."""
    dispatcher.utter_message(
        response="utter_faq/change_language",
        choices=[f"l:{language}" for language in live_release().current.languages],
    )


def menu() -> list[str]:
    """Return what Faro can do: the guided conversations, the lines, a person, the language."""
    listed = [f"g:{name}" for name in live_release().current.content.guides]
    return [*sorted(listed, key=_order), "x:near", "a:talk_to_human", "x:safety", "x:languages"]


def topics() -> list[str]:
    """Return the few buttons offered when nothing closer is known."""
    return ["g:path", "g:scam", "a:missing_relative", "a:talk_to_human"]


def _order(payload: str) -> int:
    wanted = ("g:path", "g:scam", "g:lost", "g:quiz")
    return wanted.index(payload) if payload in wanted else len(wanted)


async def _live_facts(answer: Answer, place: str | None) -> list[dict[str, Any]]:
    """Return the facts of an answer that are fetched from their source, as plain data."""
    wording = answer.wording(place)
    names = named("\n".join((wording.text, wording.sms, wording.telegram)))
    content = live_release().current.content
    live = [name for name in names if name in content.facts and content.facts[name].live]
    fetched = [await current(content, name) for name in live]
    return [plain(found.fact) for found in fetched if found and found.status != "withdrawn"]
