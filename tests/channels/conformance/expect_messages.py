"""What became of a case's requests: the answers to the provider, and the messages understood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.messages import InboundMessage
from bot.text import for_rasa
from tests.channels.conformance.world import World

_NETWORKS = {"sms": "tel", "whatsapp": "whatsapp", "telegram": "telegram"}


def http(world: World, expected: dict[str, Any]) -> Iterator[str]:
    """Compare how each request was answered, and how soon."""
    wanted = (expected.get("http") or {}).get("status")
    for answer in world.answers:
        if wanted and answer.status not in wanted:
            yield f"answered {answer.status}, not {wanted}"
        if "<Message" in answer.body:
            yield "answered with a message"
    limit = (expected.get("http") or {}).get("max_ms")
    if limit and max(world.took_ms) > limit:
        yield f"took {max(world.took_ms):.0f} ms"


async def messages(world: World, expected: dict[str, Any]) -> Any:
    """Compare what the assistant is given."""
    if "engine_calls_max" in expected or "messages" in expected:
        seen = await world.engine_sees() if not world.store_down else []
        if len(seen) > expected.get("engine_calls_max", len(seen)):
            yield f"{len(seen)} messages reached the assistant"
    if "messages" not in expected:
        return
    if len(seen) != len(expected["messages"]):
        yield f"{len(seen)} messages, not {len(expected['messages'])}: {seen}"
        return
    for message, wanted in zip(seen, expected["messages"], strict=True):
        for line in _message(message, wanted):
            yield line
        start = expected.get("engine_text_must_not_start_with")
        if start and for_rasa(message.text).startswith(start):
            yield f"Rasa would read {for_rasa(message.text)!r}"


def _message(message: InboundMessage, wanted: dict[str, Any]) -> Iterator[str]:
    attachments = [
        {"type": a.type, "mime": a.mime, "file_id": a.ref, "duration": a.seconds}
        for a in message.attachments
    ]
    place = message.location
    got: dict[str, Any] = {
        "user_ref": message.user_ref,
        "network": _NETWORKS[message.channel],
        "kind": message.kind,
        "text": message.text,
        "payload": message.payload,
        "location": {"lat": place.lat, "lon": place.lon, "label": place.label or None}
        if place
        else None,
        "reply_to": message.reply_to,
        "edited": message.edited,
        "args": message.args,
        "lang_hint": message.language_hint,
        "own": "own_contact" in message.flags,
    }
    for name, value in wanted.items():
        if name == "attachments":
            if len(value) != len(attachments) or any(
                not want.items() <= {**got_, **_unknown(want, got_)}.items()
                for want, got_ in zip(value, attachments, strict=False)
            ):
                yield f"attachments {attachments}, not {value}"
        elif name == "flags":
            if not set(value) <= set(message.flags):
                yield f"flags {message.flags}, not {value}"
        elif name == "location" and value:
            # Rounded before it is stored anywhere; the case names it as it came.
            rounded = {**value, "lat": round(value["lat"], 2), "lon": round(value["lon"], 2)}
            if got["location"] != {"label": None, **rounded}:
                yield f"location {got['location']}, not {rounded}"
        elif name == "reply_to" and value is None:
            continue  # cases leave it out where it does not matter
        elif name not in got:
            yield f"nothing like {name} in a message"
        elif got[name] != value:
            yield f"{name} is {got[name]!r}, not {value!r}"


def _unknown(want: dict[str, Any], got: dict[str, Any]) -> dict[str, Any]:
    return {name: want[name] for name in want if name not in got}
