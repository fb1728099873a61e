"""From the outbox to the provider: order, second tries, refusals, what must not be sent."""

import asyncio
import time

import pytest

from bot.messages import Choice, OutboundMessage
from bot.runtime import keys
from channels.deliveries import reference_of
from channels.warming import warm_up
from tests.channels.harness import (
    ACCOUNT,
    PHONE,
    Provider,
    desk_on,
    events_in,
    give_address,
    reply,
    send,
    sender_on,
    signed,
    sms,
    telegram,
    whatsapp,
)
from tests.channels.outgoing import DOWN, HOLA, SILENT, sent, status_of, waiting

REFUSED = {"status": 400, "json": {"code": 21610, "message": "stopped"}}
UNREACHED = {"error": "connect_error"}
LONG = OutboundMessage("Una frase de prueba. " * 100)


TWILIO = [
    ("taken", (), "queued", 1, []),
    ("away, then taken", (DOWN, DOWN), "queued", 3, []),
    ("not reached, then taken", (UNREACHED,), "queued", 2, []),
    ("no answer", (SILENT,), "unknown", 1, []),
    ("stopped", (REFUSED,), "failed", 1, ["consent.opt_out"]),
    (
        "no such number",
        ({"status": 400, "json": {"code": 21211}},),
        "failed",
        1,
        ["address.invalid"],
    ),
    (
        "wrong key",
        ({"status": 401, "json": {"code": 20003}},),
        "failed",
        1,
        ["channel.misconfigured"],
    ),
    ("401 without a code", ({"status": 401, "json": {}},), "failed", 1, ["channel.misconfigured"]),
    (
        "window closed",
        ({"status": 400, "json": {"code": 63016}},),
        "failed",
        1,
        ["wa.window_closed"],
    ),
    ("no id in the answer", ({"status": 201, "json": {}},), "queued", 1, []),
    ("too fast, then taken", ({"status": 429, "json": {"code": 20429}},), "queued", 2, []),
]


@pytest.mark.parametrize(
    ("label", "script", "status", "calls", "events"), TWILIO, ids=[c[0] for c in TWILIO]
)
async def test_twilio(redis, label, script, status, calls, events):
    provider = Provider(*script)
    entry = await sent(redis, provider)
    assert await status_of(redis, entry) == status
    assert len(provider.requests) == calls
    assert [event["type"] for event in await events_in(redis)] == events
    assert await redis.xlen(keys.outbox(0)) == 0


def refusal(code, words, **parameters):
    body = {"ok": False, "error_code": code, "description": words, "parameters": parameters}
    return {"method": "sendMessage", "status": code, "json": body}


TELEGRAM = [
    ("taken", (), "sent", 1, []),
    ("bad gateway twice", ({"status": 502, "text": "<html>"},) * 2, "sent", 3, []),
    ("too fast, then taken", (refusal(429, "Too Many Requests", retry_after=1),), "sent", 2, []),
    (
        "blocked",
        (refusal(403, "Forbidden: bot was blocked by the user"),),
        "failed",
        1,
        ["consent.opt_out"],
    ),
    (
        "account deleted",
        (refusal(403, "Forbidden: user is deactivated"),),
        "failed",
        1,
        ["address.invalid"],
    ),
    (
        "never started",
        (refusal(403, "Forbidden: bot can't initiate conversation with a user"),),
        "failed",
        1,
        ["address.unreachable"],
    ),
    (
        "no such chat",
        (refusal(400, "Bad Request: chat not found"),),
        "failed",
        1,
        ["address.invalid"],
    ),
    (
        "tags refused, then plain",
        (refusal(400, "Bad Request: can't parse entities: x"),),
        "sent",
        2,
        [],
    ),
    ("moved", (refusal(400, "Bad Request: upgraded", migrate_to_chat_id=-100),), "sent", 2, []),
    ("wrong token", (refusal(401, "Unauthorized"),), "failed", 1, ["channel.misconfigured"]),
    ("no answer", (SILENT,), "unknown", 1, []),
]


@pytest.mark.parametrize(
    ("label", "script", "status", "calls", "events"), TELEGRAM, ids=[c[0] for c in TELEGRAM]
)
async def test_telegram(redis, label, script, status, calls, events):
    provider = Provider(*script)
    entry = await sent(redis, provider, channel=telegram, address="5550001")
    assert await status_of(redis, entry) == status
    assert len(provider.requests) == calls
    assert [event["type"] for event in await events_in(redis)] == events


async def test_an_opt_out_at_the_provider_is_an_opt_out_here(redis):
    await sent(redis, Provider(REFUSED))
    assert await redis.exists(keys.opted_out("p1"))


async def test_a_provider_that_stays_away_puts_the_reply_off(redis):
    await sent(redis, Provider(DOWN, DOWN, DOWN))
    (item,) = await waiting(redis)
    assert (item["tries"], item["why"]) == ("1", "check")
    assert await redis.xlen(keys.DEAD_LETTERS) == 0


async def test_parts_go_in_order_and_each_once(redis):
    provider = Provider()
    entry = await sent(redis, provider, LONG)
    bodies = [params["Body"][-5:] for params in provider.said()]
    assert bodies == ["(1/2)", "(2/2)"]
    await send(redis, sender_on(redis, sms=sms(provider)), entry)
    assert len(provider.said()) == 2


async def test_after_a_failed_part_the_next_one_is_not_sent(redis):
    provider = Provider(REFUSED)
    await sent(redis, provider, LONG)
    assert len(provider.said()) == 1


async def test_the_window_counts_when_sending(redis):
    provider = Provider()
    channel = whatsapp(provider)
    await give_address(redis, PHONE)
    await redis.hset(keys.profile("p1"), "last_inbound", time.time() - 24 * 3600 + 240)
    await send(redis, sender_on(redis, whatsapp=channel), reply("whatsapp", HOLA))
    assert provider.requests == []
    (event,) = await events_in(redis)
    assert (event["type"], event["reason"]) == ("send.blocked", "wa_window_closed")


async def test_a_receipt_that_says_try_again_sends_that_part_again(redis):
    provider = Provider()
    entry = await sent(redis, provider, channel=whatsapp)
    channel = whatsapp(provider)
    channel.attach(desk_on(redis))
    path = f"/webhooks/whatsapp/status?m={reference_of(entry, 0)}"
    hook = signed(
        path, MessageSid="SM1", MessageStatus="failed", ErrorCode="63018", AccountSid=ACCOUNT
    )
    await channel.receive(hook)
    assert await status_of(redis, entry) == "queued"
    (item,) = await waiting(redis)
    await send(redis, sender_on(redis, whatsapp=channel), entry, part=item["part"], why=item["why"])
    assert len(provider.said()) == 2


async def test_an_entry_that_cannot_be_read_does_not_block_the_rest(redis):
    id_ = (await redis.xadd(keys.outbox(0), {"reply": "{"})).decode()
    await sender_on(redis).handle(0, id_, {b"reply": b"{"})
    assert await redis.xlen(keys.outbox(0)) == 0


async def test_choices_survive_the_outbox(redis):
    provider = Provider()
    await sent(redis, provider, OutboundMessage("¿Sí?", (Choice("Sí", "m:1"),)))
    assert provider.said()[0]["Body"] == "¿Sí?\n1. Sí"


async def test_a_channel_is_warmed_up_until_it_is_warm():
    provider = Provider(UNREACHED, {"status": 503, "json": {}}, {"json": {"contents": []}})
    channel = whatsapp(provider, contents={})
    await warm_up([channel, sms(provider)], asyncio.Event())
    assert channel.contents.complete
    await channel.close()
