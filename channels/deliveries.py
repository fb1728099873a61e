"""What became of each message we sent: one small record per part, without text or address.

A record is written before the provider is called, under our own id (``reference``), which the
provider gives back in its receipts. So even a call that timed out is recognised later.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from redis.asyncio import Redis

from bot.runtime import keys
from bot.runtime.events import KEPT, Event
from bot.runtime.outbox import RECORD_FOR, PartState, Reply
from bot.runtime.steps import Step, take

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

_BEGIN = """
local record, sending, made, kept = unpack(KEYS)
local record_for, made_for, kept_for, part, reply = unpack(ARGV)
redis.call('HSET', record, unpack(ARGV, 6))
redis.call('EXPIRE', record, record_for)
redis.call('HSET', sending, part, 'sending')
redis.call('EXPIRE', sending, record_for)
redis.call('SADD', made, record, sending)
if reply ~= '' then
  redis.call('SET', kept, reply, 'EX', kept_for)
  redis.call('SADD', made, kept)
end
redis.call('EXPIRE', made, made_for)
"""
_ADVANCE = """
local rank = tonumber(redis.call('HGET', KEYS[1], 'rank'))
if not rank or rank >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'status', ARGV[1], 'rank', ARGV[2])
if ARGV[3] then
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*',
             'type', ARGV[4], 'at', ARGV[5], 'details', ARGV[6])
end
return 1
"""
_SETTLE = """
local sending, by_provider, made = unpack(KEYS)
local record_for, made_for, part, outcome, reference = unpack(ARGV)
redis.call('HSET', sending, part, outcome)
redis.call('EXPIRE', sending, record_for)
if reference ~= '' then
  redis.call('HSET', by_provider, 'reference', reference)
  redis.call('EXPIRE', by_provider, record_for)
  redis.call('SADD', made, by_provider)
  redis.call('EXPIRE', made, made_for)
end
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


def beginning(
    reply: Reply, part: int, *, tries: int = 0, kept: str | bytes = ""
) -> tuple[Delivery, Step]:
    """Return the record of a part, and the step that marks it as being sent.

    ``kept`` is the reply as the outbox holds it, if it is to be kept for a day, to be sent again
    when a receipt says that it failed.
    """
    reference = reference_of(reply, part)
    delivery = Delivery(
        reference, reply.key, part, reply.channel, reply.user_ref, reply.message.purpose,
        tries=tries,
    )  # fmt: skip
    record = {**asdict(delivery), "rank": LADDER["sending"], "begun": f"{time.time():.3f}"}
    names = (
        keys.delivery(reference),
        keys.sending(reply.key),
        keys.made(reply.user_ref),
        keys.kept(reference),
    )
    fields = [one for pair in record.items() for one in pair]
    times = (RECORD_FOR, keys.MADE_FOR, keys.KEPT_FOR)
    return delivery, Step(_BEGIN, names, (*times, part, kept, *fields))


def settling(
    delivery: Delivery, state: PartState, provider_id: str = "", status: str = ""
) -> list[Step]:
    """Return the steps that record under the reply what became of a part.

    A provider's id answers for the record from then on; a status moves it up the ladder.
    """
    names = (
        keys.sending(delivery.entry),
        keys.delivery(provider_id),
        keys.made(delivery.person),
    )
    outcome = f"{state} {provider_id}".strip()
    reference = delivery.reference if provider_id else ""
    times = (RECORD_FOR, keys.MADE_FOR)
    steps = [Step(_SETTLE, names, (*times, delivery.part, outcome, reference))]
    return [*steps, _advancing(delivery, status)] if status else steps


def _advancing(delivery: Delivery, status: str, event: Event | None = None) -> Step:
    told = (KEPT, *event.fields()) if event else ()
    names = (keys.delivery(delivery.reference), keys.EVENTS)
    return Step(_ADVANCE, names, (status, LADDER[status], *told))


class Deliveries:
    """Reads and writes the records."""

    def __init__(self, redis: Redis[bytes]) -> None:
        self._redis = redis

    async def begin(self, reply: Reply, part: int, *, kept: str = "") -> Delivery:
        """Mark a part as being sent, under its reply and in its record; return the record."""
        delivery, step = beginning(reply, part, kept=kept)
        await take(self._redis, step)
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
        """Record what became of a part, as ``settling`` says."""
        await take(self._redis, *settling(delivery, state, provider_id, status))

    async def advance(self, delivery: Delivery, status: str, event: Event | None = None) -> bool:
        """Move a record up the ladder, which is told as ``event``.

        Return False if it stood there or higher already.
        """
        [moved] = await take(self._redis, _advancing(delivery, status, event))
        return bool(moved)

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
