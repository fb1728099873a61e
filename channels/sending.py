"""Takes replies from the outbox to the providers: in order, once, and within their rates.

A part is marked before its provider is called. If the process dies in between, or the answer
never comes, nobody knows whether the person got it. Then:

* Twilio is asked for its list of messages to that person. Found: done. Certainly not there:
  sent. This happens at once after a crash, and a minute after a time-out, unless a receipt
  settled it before. If Twilio does not answer, it is asked
  again later; a crisis answer does not wait for that and is sent again.
* Telegram cannot be asked. A crisis answer is sent again, because getting it twice harms
  nobody and missing it may. Any other reply counts as unknown: it is not repeated, and staff
  see it among the dead letters and events.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Mapping

from redis.asyncio import Redis

from bot.runtime import keys, metrics
from bot.runtime.erasing import after_receipt
from bot.runtime.events import Event, emit
from bot.runtime.outbox import Outbox, PartState, Reply
from bot.runtime.polls import remember
from bot.runtime.steps import Step, take
from bot.runtime.streams import PartitionReader, owner_name
from bot.runtime.trace import trace_of_entry
from bot.runtime.vault import Vault
from channels.base import Call, Channel
from channels.deliveries import Deliveries, beginning, settling
from channels.entries import Entry
from channels.erasing import Erasing
from channels.errors import Blocked, OutcomeUnknown, SendError
from channels.gate import Gate
from channels.later import Later
from channels.rates import turn, wait_for
from channels.receipts import HALTED_FOR, act_on, event_of
from channels.warming import warm_up

logger = logging.getLogger(__name__)

TRIES = 3
RECEIPT = "erased"  # the phrase that tells a person that everything was erased
FIRST_PAUSE = 0.5  # seconds before the second try; doubled for the third, plus some chance
LONGEST_PAUSE = 5.0  # a provider that wants more of a pause gets it, but nobody else waits for it
LOOK_UP_AFTER = 60.0  # seconds
POSTPONED, POSTPONE_FOR = 4, 30.0  # times, and seconds of the first, doubled each time
CRISIS_REPEATS = 2  # of an answer that may have arrived each time
GIVE_UP_AFTER = keys.DAY  # an answer to yesterday's question helps nobody


class Sender:
    """Handles outbox entries for ``PartitionReader``; acknowledges each when it is settled."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        redis: Redis[bytes],
        vault: Vault,
        outbox: Outbox,
        *,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._redis = redis
        self._channels = channels
        self._gate = Gate(channels, redis, vault)
        self._outbox = outbox
        self._deliveries = Deliveries(redis)
        self._later = Later(redis)
        self._first_pause = first_pause

    async def background(self, stop: asyncio.Event) -> None:
        """Send campaigns, and what waits for a later time, until ``stop`` is set."""
        bulk = PartitionReader(self._redis, keys.bulk, self.handle_bulk, owner_name())

        async def end() -> None:
            await stop.wait()
            bulk.stop()

        await asyncio.gather(
            bulk.run(),
            self._later.run(stop),
            Erasing(self._channels, self._redis).run(stop),
            warm_up(self._channels.values(), stop),
            end(),
        )

    async def handle(self, partition: int, entry: str, fields: dict[bytes, bytes]) -> None:
        """Send one reply. Raise only if the store is away: the entry is then read again."""
        stream = keys.outbox(partition)
        read = Entry.read(partition, entry, fields, stream)
        if read is None:
            logger.error("send.unreadable stream=%s", stream)
            await self._outbox.done(stream, entry)
        elif read.reply.message.purpose == "campaign":
            await self._outbox.move(partition, entry, keys.bulk(partition), fields)
        else:
            await self._handle(read)

    async def handle_bulk(self, partition: int, entry: str, fields: dict[bytes, bytes]) -> None:
        """Send one campaign message."""
        read = Entry.read(partition, entry, fields, keys.bulk(partition))
        if read is not None:
            await self._handle(read)

    async def _handle(self, entry: Entry) -> None:
        reply = entry.reply
        try:
            if time.time() - entry.born > GIVE_UP_AFTER:
                raise Blocked("too_old", detail="too_old")
            standing = await self._gate.standing(reply)
            if self._gate.waits(reply, standing):
                await self._later.put(
                    reply, HALTED_FOR, part=entry.only, tries=entry.tries, born=entry.born
                )
                settled = []
            else:
                calls = self._gate.calls(reply, standing)
                settled = await self._send(entry, standing.begun, *calls)
        except SendError as error:
            await self._failed(entry, error)
        else:
            await self._outbox.done(entry.stream, entry.id, *settled)
            await self._forget(reply)

    async def _forget(self, reply: Reply) -> None:
        """After the receipt of an erasure, delete what only the receipt was kept for."""
        if reply.message.about.get("phrase") == RECEIPT:
            names = (keys.seen, keys.answered)
            records = [name(reply.channel, reply.answers) for name in names]
            records.append(keys.sending(reply.key))
            await after_receipt(self._redis, reply.channel, reply.user_ref, records)

    # -- the parts of a reply ----------------------------------------------------------------

    async def _send(
        self, entry: Entry, begun: Mapping[int, PartState], channel: Channel, calls: list[Call]
    ) -> list[Step]:
        """Send what is left of a reply; return what is still to be noted of its last part."""
        settled: list[Step] = []
        for part, call in enumerate(calls):
            if entry.only not in (-1, part):
                continue
            state = begun.get(part, "")
            if not entry.again:
                if state == "sent":
                    continue
                unknown = state in ("sending", "unknown")
                if unknown and not await self._never_arrived(channel, entry, part, call):
                    continue
            settled = await self._send_part(channel, entry, part, call, settled)
        return settled

    async def _send_part(
        self, channel: Channel, entry: Entry, part: int, call: Call, before: list[Step]
    ) -> list[Step]:
        """Send one part; what there is to note goes with the next trip to the store."""
        reply = entry.reply
        bulk = reply.message.purpose == "campaign"
        kept = entry.raw if channel.keeps_receipts else ""
        delivery, begin = beginning(reply, part, tries=entry.tries, kept=kept)
        rate = channel.limits.get("rate") or {}
        due = turn(channel.name(), reply.user_ref, rate, bulk=bulk)
        *_, wait = await take(self._redis, *before, begin, due)
        try:
            await wait_for(self._redis, due, float(wait))
            provider_id = await self._deliver(channel, reply, call, delivery.reference, due)
        except OutcomeUnknown:
            await self._deliveries.settle(delivery, "unknown", status="unknown")
            await self._later.put(
                reply, LOOK_UP_AFTER, part=part, tries=entry.tries + 1, why="check", born=entry.born
            )
            return []
        except SendError:
            await self._deliveries.settle(delivery, "failed", status="failed")
            raise
        settled = settling(delivery, "sent", provider_id, channel.accepted_as)
        if poll := channel.poll_of(provider_id):
            await take(self._redis, *settled)
            await remember(self._redis, reply.user_ref, poll, call.payloads)
            settled = []
        metrics.SENT.labels(channel.name()).inc()
        trace = trace_of_entry(reply.key)
        logger.info("send.taken trace=%s channel=%s part=%s", trace, channel.name(), part)
        return settled

    async def _deliver(
        self, channel: Channel, reply: Reply, call: Call, reference: str, due: Step
    ) -> str:
        """Make one call, again if it was surely not taken; raise what remains."""
        pause = self._first_pause
        for left in reversed(range(TRIES)):
            try:
                return await channel.deliver(call, reference)
            except SendError as error:
                metrics.PROVIDER_ERRORS.labels(channel.name(), type(error).__name__).inc()
                await act_on(self._redis, reply.channel, reply.user_ref, error)
                wait = max(pause, getattr(error, "retry_after", 0.0))
                if not error.retryable or not left or wait > LONGEST_PAUSE:
                    raise
                logger.info("send.again channel=%s reason=%s", channel.name(), error)
                metrics.RETRIES.labels("send").inc()
            await asyncio.sleep(wait * random.uniform(1.0, 1.5))  # noqa: S311 - spreads load only
            await wait_for(self._redis, due, *map(float, await take(self._redis, due)))
            pause *= 2
        raise AssertionError("unreachable")

    # -- what went wrong ---------------------------------------------------------------------

    async def _never_arrived(self, channel: Channel, entry: Entry, part: int, call: Call) -> bool:
        """Return whether a part of unknown outcome is to be sent; settle it if not."""
        reply = entry.reply
        found = await self._deliveries.begun(reply, part)
        if found is None:  # nothing says that it was begun
            return True
        delivery, since = found
        try:
            listed = await channel.find(call, since)
        except SendError:
            if reply.message.purpose != "crisis":
                raise  # put off, and looked up again
            listed = None  # who is in danger does not wait for that
        if listed is None:
            if reply.message.purpose == "crisis" and entry.tries < CRISIS_REPEATS:
                return True
            await self._deliveries.settle(delivery, "unknown", status="unknown")
            await emit(self._redis, Event("send.unknown", {"channel": channel.name()}))
            await self._outbox.note_dead(reply, "outcome_unknown")
            return False
        for provider_id in listed:
            known = await self._deliveries.find("", provider_id)
            if known is None or known.reference == delivery.reference:
                await self._deliveries.settle(delivery, "sent", provider_id, channel.accepted_as)
                return False
        return True

    async def _failed(self, entry: Entry, error: SendError) -> None:
        """Put a reply off if its provider was only away; else show it to staff."""
        reply = entry.reply
        logger.warning(
            "send.failed channel=%s reason=%s code=%s", reply.channel, error.reason, error.code
        )
        await emit(self._redis, event_of(reply.channel, error))
        if error.retryable and entry.tries < POSTPONED:
            wait = max(POSTPONE_FOR * 2**entry.tries, getattr(error, "retry_after", 0.0))
            # Not "again": the parts that were taken stay taken.
            await self._later.put(
                reply, wait, part=entry.only, tries=entry.tries + 1, why="check", born=entry.born
            )
            await self._outbox.done(entry.stream, entry.id)
            return
        await self._outbox.set_aside(entry.stream, entry.id, reply, error.reason)
        await self._forget(reply)
