"""The real assistant, for the few cases that are conversations. Needs a trained model."""

from __future__ import annotations

import functools
from typing import Any

from redis.asyncio import Redis

from bot.processes.models import newest_model
from bot.runtime import keys


def trained() -> bool:
    return newest_model() is not None


@functools.cache
def _assistant() -> Any:
    from bot.runtime.assistant import Assistant  # loads Rasa, which no other case needs

    model = newest_model()
    if model is None:
        raise RuntimeError("needs a trained model: run `faro train`")
    return Assistant.load(str(model))


async def converse(redis: Redis[bytes]) -> None:
    """Let a worker answer everything in the inbox."""
    from bot.runtime.worker import Worker

    worker = Worker(_assistant(), redis, "conformance")
    for partition in range(keys.PARTITIONS):
        stream = keys.inbox(partition)
        if not await redis.xlen(stream):
            continue
        await redis.xgroup_create(stream, keys.GROUP, "0", mkstream=True)
        await redis.set(keys.lease(stream), "conformance")
        for _, entries in await redis.xreadgroup(keys.GROUP, "conformance", {stream: ">"}):
            for entry, fields in entries:
                await worker.handle(partition, entry.decode(), fields)
        await redis.xgroup_destroy(stream, keys.GROUP)
