"""Deletes at the provider what an erased person wrote and was sent, where it allows that."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Mapping

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.runtime import keys
from bot.runtime.events import Event, emit
from channels.base import Channel
from channels.errors import SendError

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
TRIES, AGAIN_AFTER = 5, 600.0  # times, and seconds of the first pause, doubled each time


class Erasing:
    """Works off ``keys.ERASING``."""

    def __init__(self, channels: Mapping[str, Channel], redis: Redis[bytes]) -> None:
        self._channels = channels
        self._redis = redis

    async def run(self, stop: asyncio.Event) -> None:
        """Keep erasing what is due until ``stop`` is set."""
        while not stop.is_set():
            with contextlib.suppress(RedisError):
                await self.erase_due()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)

    async def erase_due(self) -> None:
        """Erase what is due; what fails is tried again, and then shown to staff."""
        for item in await self._redis.zrangebyscore(keys.ERASING, 0, time.time(), 0, 20):
            if not await self._redis.zrem(keys.ERASING, item):
                continue  # another sender has it
            job = json.loads(item)
            left = await self._erase(job["channel"], job["ids"])
            if left and job["tries"] + 1 < TRIES:
                again = json.dumps({**job, "ids": left, "tries": job["tries"] + 1})
                pause = AGAIN_AFTER * 2 ** job["tries"]
                await self._redis.zadd(keys.ERASING, {again: time.time() + pause})
                continue
            name = "erasure.provider_failed" if left else "erasure.provider_done"
            about = {"channel": job["channel"], "count": len(left) or len(job["ids"])}
            await emit(self._redis, Event(name, about))

    async def _erase(self, name: str, ids: list[str]) -> list[str]:
        """Return the ids that could not be erased now."""
        channel = self._channels.get(name)
        left = []
        for provider_id in ids if channel and not channel.off else []:
            try:
                await channel.erase(provider_id)  # type: ignore[union-attr]
            except SendError as error:
                logger.warning("erase.failed channel=%s code=%s", name, error.code)
                left.append(provider_id)
        return left
