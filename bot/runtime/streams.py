"""Partitioned Redis streams that survive ``kill -9`` of any process that reads them.

A stream is cut into partitions by person. One process owns a partition at a time
(a lease that it keeps renewing), so one person's entries are handled in order while
different people run in parallel. What a dead owner left unfinished is taken over
first, before anything newer. Only the owner of a partition can take entries from it, and
one trip takes them from all that a process owns.
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

logger = logging.getLogger(__name__)

LEASE_MS = 4000
RENEW_SECONDS = 1.0
RETRY_SECONDS = 0.25

TOGETHER = 8  # entries of one partition in one trip
MOST_HELD = 16  # entries of one partition that a process takes before it has handled them
IDLE_MS = 1000  # how long to wait for an entry
BUSY_MS = 50  # the same while a partition waits for room

Fields = dict[bytes, bytes]
Handler = Callable[[int, str, Fields], Awaitable[None]]
Entry = tuple[bytes, Fields]

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
        # Per owned partition: what was taken and waits, and the newest entry ever taken. None
        # among the entries means: look whether to go on.
        self._held: dict[int, asyncio.Queue[Entry | None]] = {}
        self._newest: dict[int, bytes] = {}

    async def run(self) -> None:
        """Read until ``stop``; finish the entry at hand, then give the leases back."""
        await asyncio.gather(
            self._count_readers(),
            self._read(),
            *(self._partition(p) for p in range(keys.PARTITIONS)),
        )

    def stop(self) -> None:
        self._stop.set()
        self._wake()

    def _wake(self) -> None:
        for held in self._held.values():
            held.put_nowait(None)

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
                if len(self._owned) > self._share:
                    self._wake()
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
                await self._own(partition, stream, lease)
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

    async def _own(self, partition: int, stream: str, lease: str) -> None:
        held: asyncio.Queue[Entry | None] = asyncio.Queue()
        keep = asyncio.create_task(self._keep(lease))
        keep.add_done_callback(lambda _: held.put_nowait(None))
        try:
            with contextlib.suppress(ResponseError):  # the group exists already
                await self._redis.xgroup_create(stream, keys.GROUP, "0", mkstream=True)
            self._newest[partition] = b"0-0"
            await self._take_over(partition, stream, keep)
            self._held[partition] = held
            await self._take([partition])
            while not self._stop.is_set() and not keep.done():
                if len(self._owned) > self._share:
                    return
                entry = await held.get()
                if entry is not None:
                    await self._each(partition, [entry], keep)
        finally:
            self._held.pop(partition, None)
            keep.cancel()

    async def _read(self) -> None:
        """Hand on what is new in the owned partitions that have room for it."""
        while not self._stop.is_set():
            room = [p for p, held in self._held.items() if held.qsize() < MOST_HELD]
            try:
                if not room:
                    await self._pause(BUSY_MS / 1000)
                elif not await self._take(room):
                    await self._wait_for_entry(room)
            except RedisError as error:
                logger.warning("stream.store_away error=%s", type(error).__name__)
                await self._pause(RETRY_SECONDS)

    async def _take(self, partitions: list[int]) -> bool:
        """Take entries nobody has taken yet, and return whether there were any."""
        named = {self._stream(partition): partition for partition in partitions}
        taken = await self._redis.eval(
            _TAKE,
            2 * len(named),
            *(key for stream in named for key in (keys.lease(stream), stream)),
            self.owner,
            keys.GROUP,
            TOGETHER,
        )
        for stream, entries in taken:
            partition = named[stream.decode()]
            self._newest[partition] = entries[-1][0]
            # If it was given up meanwhile, its next owner takes these over.
            if held := self._held.get(partition):
                for entry, flat in entries:
                    held.put_nowait((entry, dict(zip(flat[::2], flat[1::2], strict=True))))
        return bool(taken)

    async def _wait_for_entry(self, partitions: list[int]) -> None:
        """Return when there is something newer than all that was taken, or after a while."""
        block = IDLE_MS if len(partitions) == len(self._owned) else BUSY_MS
        newest = {self._stream(p): self._newest[p] for p in partitions}
        await self._redis.xread(newest, count=1, block=block)

    async def _take_over(self, partition: int, stream: str, keep: asyncio.Task[None]) -> None:
        """Handle what the owner before took and did not finish."""
        start = b"0-0"
        while not keep.done():
            start, entries, *_ = await self._redis.xautoclaim(
                stream, keys.GROUP, self.owner, 0, start, count=50
            )
            if entries:
                self._newest[partition] = entries[-1][0]
            await self._each(partition, entries, keep)
            if start == b"0-0":
                return

    async def _each(self, partition: int, entries: list[Entry], keep: asyncio.Task[None]) -> None:
        for entry, fields in entries:
            if keep.done():  # the lease is lost: whoever holds it now will handle these
                return
            if fields:
                await self._handle(partition, entry.decode(), fields)

    async def _keep(self, lease: str) -> None:
        """Renew the lease until it is lost."""
        missed = 0
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if not await self._redis.eval(_RENEW, 1, lease, self.owner, LEASE_MS):
                    return
                missed = 0
            except RedisError:
                missed += 1
                if missed * RENEW_SECONDS * 1000 >= LEASE_MS:
                    return
