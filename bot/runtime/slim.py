"""A conversation as it is stored: what it needs to go on, without what Rasa says several times.

Rasa keeps with each message the ranking of its topics twice and its metadata three times, which
makes a turn of 1 kB one of 5 kB, written and read with every message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ujson
from rasa.shared.core.trackers import DialogueStateTracker

# Of what Rasa understood; the ranking of topics serves the turn at hand only.
_UNDERSTOOD = ("intent", "entities", "text")


def to_text(tracker: DialogueStateTracker) -> str:
    """Return a conversation as Rasa's ``deserialise_tracker`` reads it."""
    dialogue = tracker.as_dialogue().as_dict()
    events = [_slim(event) for event in dialogue["events"]]
    # A third of the time that json takes; it is read back the same.
    whole = {**dialogue, "events": events}
    return ujson.dumps(whole, ensure_ascii=False, escape_forward_slashes=False)


def _slim(event: Mapping[str, Any]) -> dict[str, Any]:
    slim = dict(event)
    if event.get("metadata"):
        slim["metadata"] = _set(event["metadata"])
    if event.get("parse_data"):
        parse = event["parse_data"]
        slim["parse_data"] = {name: parse[name] for name in _UNDERSTOOD if name in parse}
    if event.get("data"):
        slim["data"] = _set(event["data"])
    return slim


def _set(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
