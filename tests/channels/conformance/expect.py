"""What a case expects, compared with what happened; every difference is one line."""

from __future__ import annotations

from typing import Any

from tests.channels.conformance.expect_calls import KNOWN_OF_CALLS, outbound, texts
from tests.channels.conformance.expect_kept import events, records, store
from tests.channels.conformance.expect_messages import http, messages
from tests.channels.conformance.expect_safety import safety
from tests.channels.conformance.world import World

# Everything a case may expect; what is not here would pass unseen.
KNOWN = frozenset(
    [
        "http",
        "messages",
        "replies_max",
        "events",
        "outbound",
        "consent_after",
        "outbound_exact",
        "sms",
        "body_absent",
        "state_after",
        "status_after",
        "attempts",
        "logs_absent",
        "safety",
        "campaign_paused_hours",
        "store_absent",
        "engine_text_must_not_start_with",
        "created",
        "retry",
        "second_call_absent",
        "queue",
        "engine_calls_max",
        "outbound_notice",
        "events_absent",
        "store_policy",
        "first_reply",
        "outbound_absent",
    ]
)


async def differences(world: World, logs: str) -> list[str]:
    """Return what is not as the case expects."""
    return [line async for line in _differences(world, logs)]


async def _differences(world: World, logs: str) -> Any:
    expected = world.case["expect"]
    for name in set(expected) - KNOWN:
        yield f"nothing here compares {name!r}"
    for name in {n for call in expected.get("outbound", ()) for n in call} - KNOWN_OF_CALLS:
        yield f"nothing here compares {name!r} of a call"
    for check in (http, outbound, texts):
        for line in check(world, expected):
            yield line
    for found in (messages, events, records, store, safety):
        async for line in found(world, expected):
            yield line
    for word in expected.get("logs_absent", ()):
        if word in logs:
            yield f"a log line contains {word}"
