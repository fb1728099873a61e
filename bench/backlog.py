"""How fast workers alone work off what has piled up: nothing else of Faro takes their cores."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence

from redis.asyncio import Redis

from bench.load import TURNS_EACH, Measured, somebody
from bench.systems import READY_SECONDS, Faro
from bot.runtime import keys

MESSAGES = 4000
POSTED_AT_ONCE = 32
# Measured while this much of it was still there: all workers are up, and none idles yet.
FROM, TO = 0.8, 0.1


async def work_off(faro: Faro, texts: Sequence[str]) -> Measured:
    """Return the answers a second of ``faro``'s workers to a backlog that awaits them.

    Its web process takes the messages and ends, then the workers start; its sender never does.
    Raise ``RuntimeError`` if a message was not acknowledged, ``asyncio.TimeoutError`` if a process
    does not do its part. What is left in the store is deleted.
    """
    await _pile_up(faro, texts)
    faro.stop()
    for _ in range(faro.workers):
        faro.launch_role("worker")
    async with Redis(port=faro.redis_port) as store:
        try:
            began = await asyncio.wait_for(_left(store, FROM), READY_SECONDS)
            ended = await asyncio.wait_for(_left(store, TO), READY_SECONDS)
        finally:
            faro.stop()
            await store.flushdb()
    # How long each took is not seen from outside: what a worker took for one, on average.
    answered = round((FROM - TO) * MESSAGES)
    return Measured(ended - began, ((ended - began) / answered * faro.workers,) * answered)


async def _pile_up(faro: Faro, texts: Sequence[str]) -> None:
    faro.launch_role("web")
    await asyncio.wait_for(faro.listening(), READY_SECONDS)
    asked = itertools.cycle(texts)
    people = iter([somebody() for _ in range(MESSAGES // TURNS_EACH)])

    async def poster() -> None:
        for person in people:
            for _ in range(TURNS_EACH):
                sid, answered = faro.expect(person)
                answered.cancel()
                await faro.post(person, next(asked), sid)

    await asyncio.gather(*(poster() for _ in range(POSTED_AT_ONCE)))


async def _left(store: Redis[bytes], share: float) -> float:
    """Return the time when only this share of the messages is left."""
    while True:
        sizes = [await store.xlen(keys.inbox(partition)) for partition in range(keys.PARTITIONS)]
        if sum(sizes) <= share * MESSAGES:
            return time.monotonic()
        await asyncio.sleep(0.05)
