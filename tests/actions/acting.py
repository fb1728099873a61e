"""Runs an action as Rasa does: a tracker in, responses and slots out."""

import time

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher


def tracker(
    intent="faq", topic=None, entities=(), slots=None, ranking=(), metadata=None, text=None
):
    latest = {
        "text": text,
        "intent": {"name": intent},
        "entities": [dict(entity) for entity in entities],
        "intent_ranking": [{"name": f"faq/{name}", "confidence": c} for name, c in ranking],
        "metadata": metadata or {},
    }
    if topic:
        latest["response_selector"] = {"faq": {"response": {"intent_response_key": f"faq/{topic}"}}}
    return Tracker("person", slots or {}, latest, [], False, None, {}, "action_listen")


def country(code, role=""):
    return {"entity": "country", "value": code, "role": role}


async def run(action, at):
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, at, {})
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return dispatcher.messages, slots


def command(name):
    return [{"entity": "command", "value": name}]


def said_before(seconds, **slots):
    """Return the events by which slots were filled so long ago."""
    at = time.time() - seconds
    return [
        {"event": "slot", "name": name, "value": value, "timestamp": at}
        for name, value in slots.items()
    ]
