"""How things stand, read from the store: for ``faro status`` and the metrics."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from redis import Redis

from bot.runtime import keys
from bot.runtime.streams import LEASE_MS


@dataclass(frozen=True)
class Queue:
    """Entries that wait, and the age of the oldest in seconds."""

    name: str
    length: int
    age: float


@dataclass(frozen=True)
class Status:
    """One look. ``models`` is the model of each worker, by the worker's name."""

    queues: tuple[Queue, ...]
    later: int
    dead: int
    release: int | None
    model: str
    models: dict[str, str] = field(default_factory=dict)
    workers: int = 0
    senders: int = 0
    store_bytes: int = 0

    @property
    def ready(self) -> bool:
        return bool(self.release and self.workers and self.senders)


class Watch:
    """Looks. Raises ``RedisError`` when the store is away."""

    def __init__(self, redis: Redis[bytes]) -> None:
        self._redis = redis

    def look(self) -> Status:
        now, memory = self._now(), self._redis.info("memory")
        alive = f"({now - LEASE_MS / 1000}"
        release, model = self._redis.get(keys.LIVE_RELEASE), self._redis.get(keys.LIVE_MODEL)
        readers = {name.decode() for name in self._redis.zrangebyscore("readers:in", alive, "+inf")}
        models = {
            owner.decode(): name.decode()
            for owner, name in self._redis.hgetall(keys.WORKER_MODELS).items()
            if owner.decode() in readers
        }
        streams = {"inbox": keys.inbox, "outbox": keys.outbox, "campaigns": keys.bulk}
        return Status(
            queues=tuple(self._queue(name, stream, now) for name, stream in streams.items()),
            later=int(self._redis.zcard(keys.LATER)),
            dead=int(self._redis.xlen(keys.DEAD_LETTERS)),
            release=int(release) if release else None,
            model=model.decode() if model else "",
            models=models,
            workers=len(readers),
            senders=int(self._redis.zcount("readers:out", alive, "+inf")),
            store_bytes=int(memory["used_memory"]),
        )

    def _now(self) -> float:
        seconds, micro = self._redis.time()
        return float(seconds) + micro / 1e6

    def _queue(self, name: str, stream: object, now: float) -> Queue:
        with self._redis.pipeline(transaction=False) as pipe:
            for partition in range(keys.PARTITIONS):
                pipe.xlen(stream(partition))  # type: ignore[operator]
                pipe.xrange(stream(partition), count=1)  # type: ignore[operator]
            found = pipe.execute()
        oldest = [int(first[0][0].split(b"-")[0]) / 1000 for first in found[1::2] if first]
        age = max(0.0, now - min(oldest)) if oldest else 0.0
        return Queue(name, sum(found[::2]), round(age, 3))


def seconds_since(moment: float) -> float:
    """Return how long ago a time (s since 1970) was; never less than nothing."""
    return max(0.0, time.time() - moment)
