"""What Twilio reports later: records, events, second tries."""

import json
from dataclasses import asdict

import pytest

from bot.messages import OutboundMessage
from bot.runtime import keys
from channels.deliveries import LADDER, Deliveries
from tests.channels.harness import (
    desk_on,
    events_in,
    reply,
    signed,
    sms,
    whatsapp,
)

CODES = [
    # channel, status, code, event, seconds until it is sent again
    (sms, "undelivered", "30003", "address.unreachable", 4 * 3600),
    (sms, "undelivered", "30004", "send.failed", None),
    (sms, "undelivered", "30005", "address.invalid", None),
    (sms, "undelivered", "30006", "address.invalid", None),
    (sms, "undelivered", "30007", "send.failed", None),
    (sms, "undelivered", "30008", "address.unreachable", 4 * 3600),
    (sms, "failed", "30001", "send.failed", 60),
    (sms, "failed", "30034", "channel.suspended", None),
    (sms, "undelivered", "21610", "consent.opt_out", None),
    (whatsapp, "failed", "63014", "consent.opt_out", None),
    (whatsapp, "failed", "63016", "wa.window_closed", None),
    (whatsapp, "failed", "63018", "send.failed", 60),
    (whatsapp, "failed", "63019", "content.refused", 60),
    (whatsapp, "failed", "63024", "address.invalid", None),
    (whatsapp, "failed", "63025", "send.failed", 60),
    (whatsapp, "failed", "63032", "send.skipped", None),
    (whatsapp, "failed", "63041", "content.refused", None),
    (whatsapp, "failed", "63049", "send.skipped", None),
    (whatsapp, "failed", "63051", "channel.suspended", None),
    (whatsapp, "failed", "99999", "send.failed", None),
]


async def sent(redis, channel):
    """Leave a message that Twilio took; return (channel, reference)."""
    made = channel()
    made.attach(desk_on(redis))
    deliveries = Deliveries(redis)
    said = reply(made.name(), OutboundMessage("x"))
    delivery = await deliveries.begin(said, 0, kept=json.dumps(asdict(said)))
    await deliveries.settle(delivery, "sent", "SM1")
    await deliveries.advance(delivery, "queued")
    return made, delivery.reference


async def report(channel, status, reference="", sid="SM1", **more):
    path = f"/webhooks/{channel.name()}/status" + (f"?m={reference}" if reference else "")
    hook = signed(path, MessageSid=sid, MessageStatus=status, **more)
    return (await channel.receive(hook)).status


async def status_of(redis, reference):
    return (await redis.hget(keys.delivery(reference), "status")).decode()


@pytest.mark.parametrize(
    ("make", "status", "code", "event", "again"), CODES, ids=[c[2] for c in CODES]
)
async def test_codes(redis, make, status, code, event, again):
    channel, reference = await sent(redis, make)
    assert await report(channel, status, reference, ErrorCode=code) == 200
    assert event in [found["type"] for found in await events_in(redis)]
    waiting = await redis.zrange(keys.LATER, 0, -1, withscores=True)
    assert bool(waiting) == (again is not None)
    if waiting:
        now = (await redis.time())[0]
        assert abs(waiting[0][1] - now - again) < 5
    assert bool(await redis.exists(keys.opted_out("p1"))) == (event == "consent.opt_out")


async def test_a_late_receipt_moves_nothing_back(redis):
    channel, reference = await sent(redis, sms)
    for status in ("sent", "delivered", "sent", "undelivered"):
        await report(channel, status, reference)
    assert await status_of(redis, reference) == "delivered"
    types = [event["type"] for event in await events_in(redis)]
    assert types == ["delivery.sent", "delivery.delivered"]


async def test_what_was_given_up_may_still_arrive(redis):
    channel, reference = await sent(redis, sms)
    await report(channel, "undelivered", reference, ErrorCode="30004")
    await report(channel, "delivered", reference)
    assert await status_of(redis, reference) == "delivered"


@pytest.mark.parametrize("reference", ["", "not-a-uuid", "018f0000-0000-7000-8000-000000000009"])
async def test_without_our_id_twilios_id_counts(redis, reference):
    channel, known = await sent(redis, sms)
    await report(channel, "delivered", reference)
    assert await status_of(redis, known) == "delivered"


async def test_receipts_of_unknown_messages_make_nothing(redis):
    channel, _ = await sent(redis, sms)
    before = await redis.dbsize()
    assert await report(channel, "delivered", sid="SMother") == 200
    assert await redis.dbsize() == before


async def test_a_status_of_the_future_is_noted(redis):
    channel, reference = await sent(redis, sms)
    assert await report(channel, "partially_delivered", reference) == 200
    assert await status_of(redis, reference) == "queued"
    assert [event["type"] for event in await events_in(redis)] == ["status.unknown"]


async def test_tries_come_to_an_end(redis):
    channel, reference = await sent(redis, whatsapp)
    await redis.hset(keys.delivery(reference), "tries", 3)
    await report(channel, "failed", reference, ErrorCode="63018")
    assert await redis.zcard(keys.LATER) == 0


def test_every_status_has_its_place():
    assert (
        LADDER["queued"] < LADDER["sent"] < LADDER["failed"] < LADDER["delivered"] < LADDER["read"]
    )
