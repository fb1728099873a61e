"""What became of each message we sent: one small record per part, without text or address.

A record is written before the provider is called, under our own id (``reference``), which the
provider gives back in its receipts. So even a call that timed out is recognised later.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from redis.asyncio import Redis

from bot.runtime import keys
from bot.runtime.outbox import RECORD_FOR, PartState, Reply, listed

_NAMESPACE = uuid.UUID("6f1f64d3-3b5c-4c39-9a1f-0f2a5f0c8f11")

# A status only moves up this ladder, because receipts overtake each other. "delivered" stands
# above "failed": a carrier may give up on a phone that then does get the message.
LADDER = {
    "sending": 0,
    "unknown": 1,
    "queued": 2,
    "accepted": 2,
    "scheduled": 2,
    "sent": 4,
    "canceled": 5,
    "failed": 5,
    "undelivered": 5,
    "delivered": 6,
    "read": 7,
}

_ADVANCE = """
local rank = tonumber(redis.call('HGET', KEYS[1], 'rank'))
if not rank or rank >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'status', ARGV[1], 'rank', ARGV[2])
return 1
"""


@dataclass(frozen=True)
class Delivery:
    """The record of one part of a reply."""

    reference: str
    entry: str
    part: int
    channel: str
    person: str
    purpose: str
    status: str = "sending"
    tries: int = 0


def reference_of(reply: Reply, part: int) -> str:
    """Return our id of one part: a UUID, the same however often the reply is handled."""
    return str(uuid.uuid5(_NAMESPACE, f"{reply.key}:{part}"))


class Deliveries:
    """Reads and writes the records."""

    def __init__(self, redis: Redis[bytes]) -> None:
        self._redis = redis

    async def begin(
        self, reply: Reply, part: int, *, tries: int = 0, keep: bool = False
    ) -> Delivery:
        """Mark a part as being sent, under its reply and in its record; return the record.

        With ``keep`` the reply is kept for a day, to be sent again if a receipt says it failed.
        """
        reference = reference_of(reply, part)
        delivery = Delivery(
            reference, reply.key, part, reply.channel, reply.user_ref, reply.message.purpose,
            tries=tries,
        )  # fmt: skip
        record: dict[Any, Any] = {
            **asdict(delivery),
            "rank": LADDER["sending"],
            "begun": f"{time.time():.3f}",
        }
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(keys.delivery(reference), mapping=record)
            pipe.expire(keys.delivery(reference), RECORD_FOR)
            if keep:
                kept = json.dumps(asdict(reply), ensure_ascii=False)
                pipe.set(keys.kept(reference), kept, ex=keys.KEPT_FOR)
            pipe.hset(keys.sending(reply.key), str(part), "sending")
            pipe.expire(keys.sending(reply.key), RECORD_FOR)
            names = (keys.delivery(reference), keys.kept(reference), keys.sending(reply.key))
            listed(pipe, reply.user_ref, *names)
            await pipe.execute()
        return delivery

    async def find(self, reference: str, provider_id: str) -> Delivery | None:
        """Return the record of a receipt, by our own id or else by the provider's."""
        return await self._read(reference) or await self._by_provider_id(provider_id)

    async def begun(self, reply: Reply, part: int) -> tuple[Delivery, float] | None:
        """Return the record of a part and when it was begun (s since 1970), if it was."""
        reference = reference_of(reply, part)
        delivery = await self._read(reference)
        if delivery is None:
            return None
        return delivery, float(await self._redis.hget(keys.delivery(reference), "begun") or 0)

    async def settle(
        self, delivery: Delivery, state: PartState, provider_id: str = "", status: str = ""
    ) -> None:
        """Record under the reply what became of a part, and in its record if there is a status.

        A provider's id answers for the record from then on.
        """
        async with self._redis.pipeline(transaction=True) as pipe:
            part = f"{state} {provider_id}".strip()
            pipe.hset(keys.sending(delivery.entry), str(delivery.part), part)
            pipe.expire(keys.sending(delivery.entry), RECORD_FOR)
            if provider_id:
                pipe.hset(keys.delivery(provider_id), "reference", delivery.reference)
                pipe.expire(keys.delivery(provider_id), RECORD_FOR)
                listed(pipe, delivery.person, keys.delivery(provider_id))
            if status:
                record = keys.delivery(delivery.reference)
                pipe.eval(_ADVANCE, 1, record, status, str(LADDER[status]))
            await pipe.execute()

    async def advance(self, delivery: Delivery, status: str) -> bool:
        """Move a record up the ladder; return False if it stood there or higher already."""
        record = keys.delivery(delivery.reference)
        return bool(await self._redis.eval(_ADVANCE, 1, record, status, LADDER[status]))

    async def kept(self, delivery: Delivery) -> Reply | None:
        """Return the reply that a part belongs to, while it is kept for another try."""
        kept = await self._redis.get(keys.kept(delivery.reference))
        return Reply.from_json(kept) if kept else None

    async def requeue(self, delivery: Delivery) -> None:
        """Take a record back to "queued": what looked like a failure was only a delay."""
        changes: dict[Any, Any] = {"status": "queued", "rank": LADDER["queued"]}
        await self._redis.hset(keys.delivery(delivery.reference), mapping=changes)

    async def _by_provider_id(self, provider_id: str) -> Delivery | None:
        if not provider_id:
            return None
        known = await self._redis.hget(keys.delivery(provider_id), "reference")
        return await self._read(known.decode()) if known else None

    async def _read(self, reference: str) -> Delivery | None:
        if not reference:
            return None
        raw = await self._redis.hgetall(keys.delivery(reference))
        record = {name.decode(): value.decode() for name, value in raw.items()}
        if "rank" not in record:
            return None
        numbers = {name: int(record[name]) for name in ("part", "tries")}
        texts = ("reference", "entry", "channel", "person", "purpose", "status")
        return Delivery(**{name: record[name] for name in texts}, **numbers)  # type: ignore[arg-type]
