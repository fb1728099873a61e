"""Partitioned Redis streams that survive ``kill -9`` of any process that reads them.

A stream is cut into partitions by person. One process owns a partition at a time
(a lease that it keeps renewing), so one person's entries are handled in order while
different people run in parallel. What a dead owner left unfinished is taken over
first, before anything newer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import uuid
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from bot.runtime import keys
from bot.runtime.steps import Step, take

logger = logging.getLogger(__name__)

LEASE_MS = 4000
RENEW_SECONDS = 1.0
RETRY_SECONDS = 0.25

Handler = Callable[[int, str, dict[bytes, bytes]], Awaitable[None]]

_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


def owner_name() -> str:
    """Return a name for this process's claim on partitions, never used twice."""
    return f"{os.getpid()}-{uuid.uuid4().hex[:8]}"


class PartitionReader:
    """Hands every entry of the owned partitions of one stream family to ``handle``, in order.

    ``handle`` acknowledges the entry itself (in the same atomic step as its effects).
    An entry whose handling raises stays unacknowledged and is tried again; the lease
    is given up first, so that another process may have better luck.
    """

    def __init__(
        self, redis: Redis[bytes], stream: Callable[[int], str], handle: Handler, owner: str
    ) -> None:
        self._redis = redis
        self._stream = stream
        self._handle = handle
        self.owner = owner
        self._stop = asyncio.Event()
        self._owned: set[int] = set()
        self._share = keys.PARTITIONS

    async def run(self) -> None:
        """Read until ``stop``; finish the entry at hand, then give the leases back."""
        await asyncio.gather(
            self._count_readers(),
            self._renew(),
            *(self._partition(p) for p in range(keys.PARTITIONS)),
        )

    def stop(self) -> None:
        self._stop.set()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    async def _count_readers(self) -> None:
        """Keep to a fair share: partitions divided by the readers that are alive."""
        family = f"readers:{self._stream(0).split(':')[0]}"
        while not self._stop.is_set():
            with contextlib.suppress(RedisError):
                now = (await self._redis.time())[0]
                await self._redis.zadd(family, {self.owner: now})
                await self._redis.zremrangebyscore(family, 0, now - LEASE_MS // 1000)
                readers = max(1, int(await self._redis.zcard(family)))
                self._share = math.ceil(keys.PARTITIONS / readers)
            await self._pause(RENEW_SECONDS)
        with contextlib.suppress(RedisError):
            await self._redis.zrem(family, self.owner)

    async def _partition(self, partition: int) -> None:
        stream = self._stream(partition)
        lease = keys.lease(stream)
        while not self._stop.is_set():
            try:
                room = partition in self._owned or len(self._owned) < self._share
                if not room or not await self._redis.set(lease, self.owner, nx=True, px=LEASE_MS):
                    await self._pause(RETRY_SECONDS)
                    continue
                self._owned.add(partition)
                await self._own(partition, stream)
            except RedisError as error:
                logger.warning("stream.store_away stream=%s error=%s", stream, type(error).__name__)
                await self._pause(RETRY_SECONDS)
            except Exception:  # a broken entry must not end the partition
                logger.exception("stream.entry_failed stream=%s", stream)
                await self._pause(RETRY_SECONDS)
            finally:
                self._owned.discard(partition)
                with contextlib.suppress(RedisError):
                    await self._redis.eval(_RELEASE, 1, lease, self.owner)

    async def _own(self, partition: int, stream: str) -> None:
        with contextlib.suppress(ResponseError):  # the group exists already
            await self._redis.xgroup_create(stream, keys.GROUP, "0", mkstream=True)
        await self._take_over(partition, stream)
        while not self._stop.is_set() and partition in self._owned:
            if len(self._owned) > self._share:
                return
            batch = await self._redis.xreadgroup(
                keys.GROUP, self.owner, {stream: ">"}, count=8, block=1000
            )
            for _, entries in batch or []:
                await self._each(partition, entries)

    async def _take_over(self, partition: int, stream: str) -> None:
        start = b"0-0"
        while partition in self._owned:
            start, entries, *_ = await self._redis.xautoclaim(
                stream, keys.GROUP, self.owner, 0, start, count=50
            )
            await self._each(partition, entries)
            if start == b"0-0":
                return

    async def _each(self, partition: int, entries: list[tuple[bytes, dict[bytes, bytes]]]) -> None:
        for entry, fields in entries:
            if partition not in self._owned:  # whoever holds it now will handle these
                return
            if fields:
                await self._handle(partition, entry.decode(), fields)

    async def _renew(self) -> None:
        """Renew all leases in one trip, until none is needed; give up those that are lost."""
        missed = 0
        while self._owned or not self._stop.is_set():
            await asyncio.sleep(RENEW_SECONDS)
            owned = sorted(self._owned)
            leases = [keys.lease(self._stream(partition)) for partition in owned]
            steps = [Step(_RENEW, (lease,), (self.owner, LEASE_MS)) for lease in leases]
            try:
                renewed = await take(self._redis, *steps)
                missed = 0
            except RedisError:
                missed += 1
                renewed = [missed * RENEW_SECONDS * 1000 < LEASE_MS] * len(owned)
            self._owned -= {one for one, kept in zip(owned, renewed, strict=True) if not kept}
