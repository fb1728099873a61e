"""What providers report about our messages, turned into records, events and second tries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.runtime import keys
from bot.runtime.events import Event
from bot.runtime.trace import trace_of_entry
from channels.deliveries import LADDER, Deliveries, Delivery
from channels.errors import OptedOut, SendError, Suspended
from channels.later import Later

if TYPE_CHECKING:
    from bot.runtime.desk import Desk, Receipt

logger = logging.getLogger(__name__)

FAILED = ("failed", "undelivered")
HALTED_FOR = 60  # seconds until a channel that is set up wrong is tried again
SLOW_FOR = 600  # seconds of half speed after a provider found us too fast
Failure = Callable[[str], SendError]


async def take(desk: Desk, receipt: Receipt, failure: Failure) -> None:
    """Record a receipt; ``failure`` says what an error code of this provider means.

    Receipts of messages we do not know are ignored: they are older than our records.
    """
    deliveries = Deliveries(desk.redis)
    delivery = await deliveries.find(receipt.entry, receipt.provider_id)
    if delivery is None:
        logger.info("receipt.unmatched status=%s", receipt.status)
        return
    about = {"channel": delivery.channel, "purpose": delivery.purpose}
    if receipt.status not in LADDER:
        await desk.note([Event("status.unknown", {**about, "status": receipt.status[:40]})])
        return
    if delivery.status == "unknown" or delivery.status == "sending":
        await deliveries.settle(delivery, "sent", receipt.provider_id)
    event = Event(f"delivery.{receipt.status}", about)
    if not await deliveries.advance(delivery, receipt.status, event):
        return
    trace = trace_of_entry(delivery.entry)
    logger.info(
        "receipt.taken trace=%s channel=%s status=%s", trace, delivery.channel, receipt.status
    )
    if receipt.status in FAILED:
        await _failed(desk, deliveries, delivery, failure(receipt.error))


async def _failed(desk: Desk, deliveries: Deliveries, delivery: Delivery, error: SendError) -> None:
    await act_on(desk.redis, delivery.channel, delivery.person, error)
    await desk.note([event_of(delivery.channel, error)])
    if error.again_after is None or delivery.tries >= error.tries:
        return
    reply = await deliveries.kept(delivery)
    if reply is None:
        return
    if not error.final:
        await deliveries.requeue(delivery)
    await Later(desk.redis).put(
        reply, error.again_after, part=delivery.part, tries=delivery.tries + 1
    )


async def act_on(redis: Any, channel: str, person: str, error: SendError) -> None:
    """Do what an error demands whenever it is learnt: at sending or by a receipt."""
    if isinstance(error, OptedOut):
        await redis.set(keys.opted_out(person), "provider")
    if isinstance(error, Suspended):  # answers are still tried one by one
        await redis.set(keys.halted(channel, bulk=True), error.code, ex=keys.DAY)
    if error.halts:
        await redis.set(keys.halted(channel), error.code, ex=HALTED_FOR)
    if error.slower:
        await redis.set(keys.slow(channel), error.code, ex=SLOW_FOR)


def event_of(channel: str, error: SendError) -> Event:
    """Return what staff are told about an error."""
    details = {"channel": channel, "code": error.code, "reason": error.detail or error.reason}
    if isinstance(error, OptedOut):
        details = {"channel": channel, "scope": "channel", "evidence": error.evidence}
    return Event(error.event, details)
