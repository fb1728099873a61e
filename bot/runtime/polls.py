"""Native polls: a network names the option that was taken, we know which choice it stood for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace

from redis.asyncio import Redis

from bot.messages import InboundMessage
from bot.runtime import keys
from bot.runtime.outbox import listed

POLL = "poll:"  # payload of an answer: followed by the poll's id; ``args`` is the option
JUST_SENT = 0.5  # seconds
GONE = "resume"  # what an answer to a poll that we no longer know amounts to


async def remember(redis: Redis[bytes], person: str, poll_id: str, payloads: Sequence[str]) -> None:
    """Keep what the options of a poll stand for."""
    async with redis.pipeline(transaction=True) as pipe:
        pipe.set(keys.poll(poll_id), json.dumps(payloads), ex=keys.POLL_FOR)
        listed(pipe, person, keys.poll(poll_id))
        await pipe.execute()


async def resolved(redis: Redis[bytes], message: InboundMessage) -> InboundMessage:
    """Return a message with the choice that its answer to a poll stands for."""
    if message.kind != "choice" or not (message.payload or "").startswith(POLL):
        return message
    key = keys.poll(str(message.payload).removeprefix(POLL))
    kept = await redis.get(key)
    if kept is None:  # gone, or answered before the sender could note what the network called it
        await asyncio.sleep(JUST_SENT)
        kept = await redis.get(key)
    payloads = json.loads(kept or b"[]")
    option = int(message.args or 0)
    if not 0 <= option < len(payloads):
        return replace(message, kind="command", payload=GONE, args=None)
    return replace(message, payload=payloads[option], args=None)
