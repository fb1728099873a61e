"""What an action needs to know of the turn, taken out of Rasa's tracker."""

from __future__ import annotations

import time
from typing import Any

from rasa_sdk import Tracker

from bot.content.compose import Person
from bot.content.live import live_release
from bot.content.model import SOURCE_LANGUAGE
from bot.places import fold

FAQ = "faq/"


def person_of(tracker: Tracker) -> Person:
    """Return whom we talk to, as far as we know."""
    return Person(
        language=tracker.get_slot("language") or SOURCE_LANGUAGE,
        country=tracker.get_slot("country"),
        origin=tracker.get_slot("origin"),
        channel=tracker.get_latest_input_channel() or "",
    )


def entity(tracker: Tracker, name: str) -> dict[str, Any] | None:
    """Return the first entity of that name in the latest message."""
    entities = tracker.latest_message.get("entities") or []
    return next((found for found in entities if found["entity"] == name), None)


def topic_of(tracker: Tracker) -> str:
    """Return the label that the latest message is about, "" if it is about none."""
    selected = tracker.latest_message.get("response_selector") or {}
    key: str = selected.get("faq", {}).get("response", {}).get("intent_response_key") or ""
    return key.removeprefix(FAQ)


def also_about(tracker: Tracker) -> str:
    """Return the label of a second question in the latest message, "" if there is none."""
    return str(tracker.latest_message.get("also_about") or "")


def ranking_of(tracker: Tracker) -> list[tuple[str, float]]:
    """Return the topics the latest message may be about, best first."""
    ranked = tracker.latest_message.get("intent_ranking") or []
    return [
        (item["name"].removeprefix(FAQ), float(item["confidence"]))
        for item in ranked
        if item["name"].startswith(FAQ)
    ]


def set_lately(tracker: Tracker, slot: str, seconds: float) -> Any:
    """Return a slot's value if it was set in the last ``seconds``, else None."""
    value, since = tracker.get_slot(slot), time.time() - seconds
    last = (
        event
        for event in reversed(tracker.events or [])
        if event.get("event") == "slot" and event.get("name") == slot
    )
    event = next(last, None)
    return value if event and float(event.get("timestamp") or 0) >= since else None


def is_insult(tracker: Tracker) -> bool:
    """Return whether a rude word stands in the latest message, in any language."""
    said = f" {fold(tracker.latest_message.get('text') or '')} "
    words = live_release().current.content.words.values()
    return any(f" {fold(word)} " in said for each in words for word in each.get("insult", ()))


def is_wordless(tracker: Tracker) -> bool:
    """Return whether the latest message is nothing but pictures and signs."""
    text = tracker.latest_message.get("text") or ""
    return bool(text) and not any(map(str.isalnum, text))


def metadata_of(tracker: Tracker) -> dict[str, Any]:
    """Return what the worker said about the latest message."""
    return tracker.latest_message.get("metadata") or {}
