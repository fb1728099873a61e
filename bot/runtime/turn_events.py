"""What staff are told of a turn, without anybody's words."""

from __future__ import annotations

import time
from typing import Any

from bot.messages import InboundMessage
from bot.runtime.assistant import Turn
from bot.runtime.events import Event

# What is said about erasing -> the event by which staff can show that it was asked for and done.
ERASURE = {"erase_confirm": "erasure.requested", "erased": "erasure.done"}


def of(message: InboundMessage, turn: Turn) -> list[Event]:
    """Return how a message was understood, and what else staff are to know."""
    return [_answered(message, turn), *_also(message, turn)]


def last_about(turn: Turn) -> dict[str, Any]:
    """Return what is known of the last thing we said."""
    return dict(turn.replies[-1].about) if turn.replies else {}


def _answered(message: InboundMessage, turn: Turn) -> Event:
    about = last_about(turn)
    top = turn.ranking[:3]
    return Event(
        "answered",
        {
            "message": message.provider_id,
            "channel": message.channel,
            "kind": message.kind,
            "label": about.get("answer"),
            "phrase": about.get("phrase"),
            "confidence": top[0][1] if top else None,
            "top": top,
            "language": (turn.parse.get("language") or {}).get("name") or about.get("language"),
            "facts": about.get("facts") or {},
            "release": about.get("release"),
            "country": turn.country,
            "crisis": message.crisis or turn.crisis,
            "ms": round(turn.milliseconds, 1),
            "at": round(time.time(), 3),
        },
    )


def _also(message: InboundMessage, turn: Turn) -> list[Event]:
    """Return consent, an erasure, and what the actions noted."""
    found = list(turn.events)
    if name := ERASURE.get(str(last_about(turn).get("phrase"))):
        found.append(Event(name, {"channel": message.channel}))
    if turn.consent:
        way = "out" if turn.consent == "stop" else "in"
        details = {"scope": "campaign", "evidence": "button", "channel": message.channel}
        found.append(Event(f"consent.opt_{way}", details))
    if turn.handover:
        names = ("priority", "reason", "language", "country", "topic")
        about = {name: turn.handover.get(name) for name in names}
        found.append(Event("queue.human", {**about, "channel": message.channel, "consent": True}))
    return found
