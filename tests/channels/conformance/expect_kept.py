"""What a case leaves behind: events, records of what was sent, and everything in the store."""

from __future__ import annotations

from typing import Any

from bot.choices import menu
from bot.runtime import keys
from tests.channels.conformance.cases import as_reply
from tests.channels.conformance.world import World
from tests.channels.harness import events_in


async def events(world: World, expected: dict[str, Any]) -> Any:
    """Compare the events that were told."""
    got = await events_in(world.redis)
    for want in expected.get("events", ()):
        if not any(_covers(event, want) for event in got):
            yield f"no event {want} among {got}"
    for absent in expected.get("events_absent", ()):
        if any(event["type"] == absent for event in got):
            yield f"there is an event {absent}"


def _covers(event: dict[str, Any], want: dict[str, Any]) -> bool:
    return all(str(event.get(name)) == str(value) for name, value in want.items())


async def records(world: World, expected: dict[str, Any]) -> Any:
    """Compare what is known of a delivery, of a person's consent and of the last menu."""
    redis = world.redis
    found = [key async for key in redis.scan_iter("delivery:*")]
    statuses = [s.decode() for key in found if (s := await redis.hget(key, "status"))]
    if "status_after" in expected and expected["status_after"] not in statuses:
        yield f"status is {statuses}, not {expected['status_after']}"
    if expected.get("created") is False and statuses:
        yield "a record was made"
    if "retry" in expected:
        never = expected["retry"].startswith(("never", "not "))
        waiting = await redis.zcard(keys.LATER)
        if never == bool(waiting):
            yield f"{waiting} sent again, expected: {expected['retry']}"
        if "lower rate" in expected["retry"] and not await redis.exists(
            keys.slow(world.channel.name())
        ):
            yield "the rate was not lowered"
    if expected.get("consent_after") == "opted_out" and not await redis.exists(
        keys.opted_out(world.person)
    ):
        yield "no longer opted out"
    offered = (expected.get("state_after") or {}).get("last_choices")
    if offered is not None:
        kept = [choice.payload for choice in menu(as_reply(world.given["send"]))]
        if kept != offered:
            yield f"the menu is {kept}"


async def store(world: World, expected: dict[str, Any]) -> Any:
    """Look for what must not be stored."""
    wanted = [word for word in expected.get("store_absent", ()) if " " not in word]
    if not wanted:
        return
    kept = await _everything(world)
    for word in wanted:
        if word in kept:
            yield f"{word} is stored"


async def _everything(world: World) -> str:
    """Return all that Redis holds, as one text."""
    redis, parts = world.redis, []
    async for key in redis.scan_iter("*"):
        kind = (await redis.type(key)).decode()
        read = {
            "string": redis.get, "hash": redis.hgetall, "stream": redis.xrange,
            "set": redis.smembers,
        }.get(kind)  # fmt: skip
        held = await read(key) if read else await redis.zrange(key, 0, -1)
        parts.append(f"{key!r} {held!r}")
    return "\n".join(parts)
