"""Partitioned Redis streams that survive ``kill -9`` of any process that reads them.

A stream is cut into partitions by person. One process owns a partition at a time (a lease that
it keeps renewing). One person's entries are handled in order, different people's in parallel.
What a dead owner left unfinished is taken over first, before anything newer. Only the owner of a
partition can take entries from it, and one trip takes them from all that a process owns.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import uuid
from collections.abc import Iterable

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from bot.runtime import keys
from bot.runtime.share import Handler, Share
from bot.runtime.steps import Step, take

logger = logging.getLogger(__name__)

LEASE_MS = 4000
RENEW_SECONDS = 1.0
RETRY_SECONDS = 0.25

TOGETHER = 8  # entries of one partition in one trip
MOST_HELD = 16  # entries of one partition that are taken and not yet handled
IDLE_MS = 1000  # how long to wait for an entry
BUSY_MS = 50  # the same while a partition waits for room

_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
# A blocking read would go on after the lease is lost, and take entries that nobody then handles.
_TAKE = """
local taken = {}
for i = 1, #KEYS, 2 do
  if redis.call('GET', KEYS[i]) == ARGV[1] then
    local new = redis.call('XREADGROUP', 'GROUP', ARGV[2], ARGV[1], 'COUNT', ARGV[3],
                           'STREAMS', KEYS[i + 1], '>')
    if new then taken[#taken + 1] = new[1] end
  end
end
return taken
"""


def owner_name() -> str:
    """Return a name for this process's claim on partitions, never used twice."""
    return f"{os.getpid()}-{uuid.uuid4().hex[:8]}"


class PartitionReader:
    """Hands every entry of the owned partitions of one stream family to ``handle``.

    ``handle`` acknowledges the entry itself (in the same atomic step as its effects).
    An entry whose handling raises stays unacknowledged and is tried again; the lease
    is given up first, so that another process may have better luck.
    """

    def __init__(
        self,
        redis: Redis[bytes],
        stream: keys.Stream,
        handle: Handler,
        owner: str,
    ) -> None:
        self._redis = redis
        self._stream = stream
        self._handle = handle
        self.owner = owner
        self._stop = asyncio.Event()
        self._owned: dict[int, Share] = {}
        self._reading: set[int] = set()  # the owned partitions whose old entries are taken over
        self._most = keys.PARTITIONS

    async def run(self) -> None:
        """Read until ``stop``; finish the entries at hand, then give the leases back."""
        await asyncio.gather(
            self._count_readers(),
            self._renew(),
            self._read(),
            *(self._partition(p) for p in range(keys.PARTITIONS)),
        )

    def stop(self) -> None:
        self._stop.set()
        self._end(list(self._owned))

    def _end(self, partitions: Iterable[int]) -> None:
        for partition in partitions:
            self._owned[partition].over.set()

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
                self._most = math.ceil(keys.PARTITIONS / readers)
                self._end(sorted(self._owned)[self._most :])
            await self._pause(RENEW_SECONDS)
        with contextlib.suppress(RedisError):
            await self._redis.zrem(family, self.owner)

    async def _partition(self, partition: int) -> None:
        stream = self._stream(partition)
        lease = keys.lease(stream)
        while not self._stop.is_set():
            try:
                room = partition in self._owned or len(self._owned) < self._most
                if not room or not await self._redis.set(lease, self.owner, nx=True, px=LEASE_MS):
                    await self._pause(RETRY_SECONDS)
                    continue
                if self._stop.is_set():  # while the lease was on its way: not to be begun
                    return
                self._owned[partition] = Share(partition, self._handle)
                await self._own(partition, stream)
            except RedisError as error:
                logger.warning("stream.store_away stream=%s error=%s", stream, type(error).__name__)
                await self._pause(RETRY_SECONDS)
            except Exception:  # a broken entry must not end the partition
                logger.exception("stream.entry_failed stream=%s", stream)
                await self._pause(RETRY_SECONDS)
            finally:
                self._owned.pop(partition, None)
                with contextlib.suppress(RedisError):
                    await self._redis.eval(_RELEASE, 1, lease, self.owner)

    async def _own(self, partition: int, stream: str) -> None:
        share = self._owned[partition]
        try:
            with contextlib.suppress(ResponseError):  # the group exists already
                await self._redis.xgroup_create(stream, keys.GROUP, "0", mkstream=True)
            await self._take_over(share, stream)
            await self._take([partition])
            self._reading.add(partition)  # not before: two trips may come back in any order
            await share.over.wait()
        finally:
            self._reading.discard(partition)
            await share.finish()

    async def _take_over(self, share: Share, stream: str) -> None:
        """Begin with what the owner before took and did not finish."""
        start = b"0-0"
        while not share.over.is_set():
            start, entries, *_ = await self._redis.xautoclaim(
                stream, keys.GROUP, self.owner, 0, start, count=50
            )
            share.add(entries)
            if start == b"0-0":
                return

    async def _read(self) -> None:
        """Hand on what is new in the owned partitions that have room for it."""
        while not self._stop.is_set():
            room = [p for p in sorted(self._reading) if len(self._owned[p]) < MOST_HELD]
            try:
                if not room:
                    await self._pause(BUSY_MS / 1000)
                elif not await self._take(room):
                    await self._wait_for_entry(room)
            except RedisError as error:
                logger.warning("stream.store_away error=%s", type(error).__name__)
                # What was taken and never reached us is found by whoever owns these next.
                self._end(partition for partition in room if partition in self._owned)
                await self._pause(RETRY_SECONDS)

    async def _take(self, partitions: list[int]) -> bool:
        """Take entries nobody has taken yet, and return whether there were any."""
        # A partition may be given up during the trip: its next owner takes these entries over.
        shares = {self._stream(partition): self._owned[partition] for partition in partitions}
        taken = await self._redis.eval(
            _TAKE,
            2 * len(shares),
            *(key for stream in shares for key in (keys.lease(stream), stream)),
            self.owner,
            keys.GROUP,
            TOGETHER,
        )
        for stream, entries in taken:
            shares[stream.decode()].add(
                [(entry, dict(zip(flat[::2], flat[1::2], strict=True))) for entry, flat in entries]
            )
        return bool(taken)

    async def _wait_for_entry(self, partitions: list[int]) -> None:
        """Return when there is something newer than all that was taken, or after a while."""
        block = IDLE_MS if len(partitions) == len(self._owned) else BUSY_MS
        # Some may have been given up since: another process has begun and wants its part.
        newest = {self._stream(p): self._owned[p].newest for p in partitions if p in self._owned}
        if newest:
            await self._redis.xread(newest, count=1, block=block)

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
            lost = [one for one, kept in zip(owned, renewed, strict=True) if not kept]
            self._end(partition for partition in lost if partition in self._owned)
