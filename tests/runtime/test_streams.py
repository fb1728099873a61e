"""Entries of one person are handled in order, once, whoever dies in between."""

import asyncio
import signal
import subprocess
import sys
import textwrap

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from bot.runtime import keys, streams
from bot.runtime.streams import PartitionReader, owner_name

WORKER = textwrap.dedent(
    """
    import asyncio, os, sys
    from redis.asyncio import Redis
    from bot.runtime import keys
    from bot.runtime.streams import PartitionReader, owner_name

    async def main():
        redis = Redis.from_url(sys.argv[1])
        owner = owner_name()
        COMMIT = '''
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if redis.call('XACK', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 0 end
        redis.call('XDEL', KEYS[2], ARGV[3])
        redis.call('RPUSH', 'done', ARGV[4])
        return 1'''

        async def handle(partition, entry, fields):
            await asyncio.sleep(0.005)
            stream = keys.inbox(partition)
            await redis.eval(COMMIT, 2, keys.lease(stream), stream, owner, keys.GROUP, entry, fields[b"n"])

        await PartitionReader(redis, keys.inbox, handle, owner).run()

    asyncio.run(main())
    """
)


def start_worker(redis_url):
    return subprocess.Popen([sys.executable, "-c", WORKER, redis_url])


async def test_killed_workers_lose_nothing_and_double_nothing(redis, redis_url):
    people = [f"person{n}" for n in range(20)]
    expected = [f"{person}:{n}" for n in range(15) for person in people]
    workers = [start_worker(redis_url) for _ in range(2)]
    try:
        for item in expected:
            person = item.split(":")[0]
            await redis.xadd(keys.inbox(keys.partition_of(person)), {"n": item})
        for _ in range(4):
            await asyncio.sleep(0.7)
            victim = workers.pop(0)
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            workers.append(start_worker(redis_url))
        done = []
        for _ in range(600):
            done = [item.decode() for item in await redis.lrange("done", 0, -1)]
            if len(done) >= len(expected):
                break
            await asyncio.sleep(0.05)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert sorted(done) == sorted(expected)
    for person in people:
        turns = [int(item.split(":")[1]) for item in done if item.startswith(f"{person}:")]
        assert turns == sorted(turns)


async def test_an_entry_whose_handling_fails_is_tried_again(redis):
    seen = []

    async def handle(partition, entry, fields):
        seen.append(fields[b"n"])
        if len(seen) < 3:
            raise RuntimeError("not yet")
        await redis.xack(keys.inbox(partition), keys.GROUP, entry)
        reader.stop()

    reader = PartitionReader(redis, keys.inbox, handle, owner_name())
    await redis.xadd(keys.inbox(3), {"n": "1"})
    await asyncio.wait_for(reader.run(), 20)
    assert seen == [b"1"] * 3


async def test_two_readers_share_the_partitions(redis):
    async def handle(partition, entry, fields):
        pass

    readers = [PartitionReader(redis, keys.inbox, handle, owner_name()) for _ in range(2)]
    running = [asyncio.create_task(reader.run()) for reader in readers]
    try:
        for _ in range(300):
            await asyncio.sleep(0.05)
            owned = [len(reader._owned) for reader in readers]
            if owned == [keys.PARTITIONS // 2] * 2:
                break
        assert owned == [keys.PARTITIONS // 2] * 2
    finally:
        for reader in readers:
            reader.stop()
        await asyncio.gather(*running)


async def test_people_of_one_partition_are_handled_side_by_side_and_each_in_order(redis):
    begun, ended, all_begun = [], [], asyncio.Event()

    async def handle(partition, entry, fields):
        begun.append(fields[b"n"])
        if {b"ana 1", b"berta 1"} <= set(begun):
            all_begun.set()
        await all_begun.wait()  # nobody gets past this alone
        await redis.xack(keys.inbox(partition), keys.GROUP, entry)
        ended.append(fields[b"n"])
        if len(ended) == 4:
            reader.stop()

    reader = PartitionReader(redis, keys.inbox, handle, owner_name())
    for n in ("ana 1", "ana 2", "berta 1", "berta 2"):
        await redis.xadd(keys.inbox(3), {"person": n.split()[0], "n": n})
    await asyncio.wait_for(reader.run(), 20)
    for person in (b"ana", b"berta"):
        assert [n for n in begun if n.startswith(person)] == [person + b" 1", person + b" 2"]
    assert begun.index(b"berta 1") < begun.index(b"ana 2")


class Deaf(PartitionReader):
    """Loses one answer of the store: the entries are taken, and nobody here knows."""

    lost = False

    async def _take(self, partitions):
        taken = await self._redis.eval(
            streams._TAKE, 2, *self._names(partitions), self.owner, keys.GROUP, 8
        )
        if taken and not self.lost:
            self.lost = True
            raise ConnectionError("the answer never came")
        return await super()._take(partitions)

    def _names(self, partitions):
        stream = self._stream(partitions[0])
        return keys.lease(stream), stream


async def handled_by(kind, redis, ready):
    """Return what a reader handled of one entry, which comes once it is ``ready``."""
    handled = []

    async def handle(partition, entry, fields):
        await redis.xack(keys.inbox(partition), keys.GROUP, entry)
        handled.append(fields[b"n"])
        reader.stop()

    reader = kind(redis, keys.inbox, handle, owner_name())
    running = asyncio.create_task(reader.run())
    await ready(reader)
    await redis.xadd(keys.inbox(0), {"person": "ana", "n": "1"})
    await asyncio.wait_for(running, 20)
    return handled, reader


async def test_entries_whose_answer_was_lost_are_handled_all_the_same(redis):
    async def waits_for_entries(_):
        await asyncio.sleep(1.5)

    handled, reader = await handled_by(Deaf, redis, waits_for_entries)
    assert reader.lost
    assert handled == [b"1"]


class Generous(PartitionReader):
    """Gives a partition up while a trip is under way, as when another process begins."""

    gave = False

    async def _take(self, partitions):
        taken = await super()._take(partitions)
        if len(partitions) == keys.PARTITIONS and not self.gave:
            self.gave = True
            self._most = keys.PARTITIONS - 1
            self._end(partitions[-1:])
            while partitions[-1] in self._owned:
                await asyncio.sleep(0.01)
        return taken


async def test_a_partition_given_up_during_a_trip_ends_no_process(redis):
    async def gave(reader):
        while not reader.gave:
            await asyncio.sleep(0.05)

    handled, _ = await handled_by(Generous, redis, gave)
    assert handled == [b"1"]


class Distant(Redis):
    """A store whose answer to who asks for a lease is long on its way."""

    async def set(self, name, *rest, **more):
        given = await super().set(name, *rest, **more)
        await asyncio.sleep(0.3)
        return given


async def test_a_reader_that_is_stopped_while_it_gets_a_lease_ends_and_gives_it_back(
    redis, redis_url
):
    async def handle(partition, entry, fields):
        raise AssertionError("nothing is begun after the stop")

    async with Distant.from_url(redis_url) as distant:
        reader = PartitionReader(distant, keys.inbox, handle, owner_name())
        await redis.xadd(keys.inbox(0), {"person": "ana", "n": "1"})
        running = asyncio.create_task(reader.run())
        while not await redis.exists(keys.lease(keys.inbox(0))):
            await asyncio.sleep(0.01)
        reader.stop()
        await asyncio.wait_for(running, 10)
    assert not await redis.exists(keys.lease(keys.inbox(0)))


@pytest.mark.parametrize("person", ["ana", "berta", "carlos"])
def test_a_person_has_one_partition(person):
    assert keys.partition_of(person) == keys.partition_of(person)
    assert 0 <= keys.partition_of(person) < keys.PARTITIONS


def test_a_lease_outlives_several_renewals():
    assert streams.LEASE_MS / 1000 > 3 * streams.RENEW_SECONDS
