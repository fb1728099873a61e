"""Erases a person: everything in Redis that is theirs, but the opt-out marker.

What is named after a person is found by its name. What is named after something else (a
provider's message id, an entry of the outbox) is listed under ``keys.made`` when it is written.
What lies in streams that many share is looked for there: in the event log by the ids of the
person's messages, because it names nobody, but may hold what was not understood, sealed.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator

from redis.asyncio import Redis

from bot.runtime import keys

AT_ONCE = 500
_MESSAGE = re.compile(rb'"message": ?"([^"]+)"')  # the provider's id of a message in an event
PROVIDER_AFTER = 120.0  # seconds: a provider deletes no message that is still on its way


async def erase(
    redis: Redis[bytes], person: str, *, address: bool = True, answering: str = ""
) -> list[str]:
    """Delete what is a person's and return the provider's ids of their messages.

    ``address`` False leaves it for the receipt, and ``answering`` is the key that says that
    the request was seen: both are deleted when the receipt was sent.
    """
    # Taken whole: what the sender of the receipt lists meanwhile is for the second round.
    async with redis.pipeline(transaction=True) as pipe:
        pipe.smembers(keys.made(person))
        pipe.delete(keys.made(person))
        made = {name.decode() for name in (await pipe.execute())[0]}
    spared = {keys.opted_out(person), keys.made(person), answering}
    spared |= set() if address else {keys.address(person)}
    named = {name.decode() async for name in redis.scan_iter(f"*{person}*", count=AT_ONCE)}
    gone = sorted((made | named) - spared)
    for start in range(0, len(gone), AT_ONCE):
        await redis.delete(*gone[start : start + AT_ONCE])
    async for item, _ in redis.zscan_iter(keys.LATER, count=AT_ONCE):
        if person.encode() in item:
            await redis.zrem(keys.LATER, item)
    for stream in (keys.DEAD_LETTERS, keys.HANDOVERS, keys.bulk(keys.partition_of(person))):
        async for entry, fields in _entries(redis, stream):
            if any(person.encode() in value for value in fields.values()):
                await redis.xdel(stream, entry)
    ids = _provider_ids(made)
    await _forget_events(redis, set(ids))
    return ids


async def queue_for_provider(redis: Redis[bytes], channel: str, ids: list[str]) -> None:
    """Have the sender delete these messages at the provider, too; the ids name no person."""
    if ids:
        job = json.dumps({"channel": channel, "ids": ids, "tries": 0})
        await redis.zadd(keys.ERASING, {job: time.time() + PROVIDER_AFTER})


async def after_receipt(redis: Redis[bytes], channel: str, person: str, records: list[str]) -> None:
    """Delete what the receipt itself needed; all else too, unless the person wrote again."""
    if records:
        await redis.delete(*records)
    if not await redis.exists(keys.profile(person)):
        await queue_for_provider(redis, channel, await erase(redis, person))


def _provider_ids(names: set[str]) -> list[str]:
    """Return the ids among names of keys; one with ":" holds an address and is none we may keep."""
    found = set()
    for name in names:
        kind, _, rest = name.partition(":")
        provider_id = rest.partition(":")[2] if kind == "seen" else rest
        if kind in ("seen", "delivery") and provider_id and ":" not in provider_id:
            found.add(provider_id)
    return sorted(found)


async def _forget_events(redis: Redis[bytes], ids: set[str]) -> None:
    """Delete what the event log says of these messages; the line of the erasure names none."""
    since = f"{round((time.time() - keys.SEEN_FOR) * 1000)}"  # as long as we know the ids
    gone = [
        entry
        async for entry, fields in _entries(redis, keys.EVENTS, since)
        if any(found.decode() in ids for found in _MESSAGE.findall(fields.get(b"details", b"")))
    ]
    for start in range(0, len(gone), AT_ONCE):
        await redis.xdel(keys.EVENTS, *gone[start : start + AT_ONCE])


async def _entries(
    redis: Redis[bytes], stream: str, start: str = "-"
) -> AsyncIterator[tuple[bytes, dict[bytes, bytes]]]:
    while True:
        batch = await redis.xrange(stream, start, "+", count=AT_ONCE)
        for entry, fields in batch:
            yield entry, fields
        if len(batch) < AT_ONCE:
            return
        start = "(" + batch[-1][0].decode()
