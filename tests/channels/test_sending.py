"""From the outbox to the provider: order, second tries, unknown outcomes, what must not be sent."""

import asyncio
import json
import time

import pytest

from bot.messages import Choice, OutboundMessage
from bot.runtime import keys
from bot.runtime.steps import take
from channels.deliveries import Deliveries, reference_of
from channels.later import Later
from channels.rates import turn
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

HOLA = OutboundMessage("Hola")
REFUSED = {"status": 400, "json": {"code": 21610, "message": "stopped"}}
DOWN = {"status": 503, "json": {}}
SILENT = {"error": "read_timeout"}
UNREACHED = {"error": "connect_error"}
LONG = OutboundMessage("Una frase de prueba. " * 100)


async def status_of(redis, sent, part=0):
    return (await redis.hget(keys.delivery(reference_of(sent, part)), "status")).decode()


async def waiting(redis):
    return [json.loads(item) for item in await redis.zrange(keys.LATER, 0, -1)]


async def sent(redis, provider, message=HOLA, channel=sms, address=PHONE, **fields):
    """Send one reply and return it."""
    made = channel(provider)
    await give_address(redis, address)
    entry = reply(made.name(), message)
    await send(redis, sender_on(redis, **{made.name(): made}), entry, **fields)
    return entry


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


async def killed_while_sending(redis, entry):
    """Leave things as a sender does that dies between mark and answer."""
    await redis.hset(keys.sending(entry.key), "0", "sending")
    await Deliveries(redis).begin(entry, 0)


def listed(body):
    message = {
        "sid": "SMfound",
        "body": body,
        "direction": "outbound-api",
        "date_created": time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()),
    }
    return {"method": "GET Messages.json", "json": {"messages": [message]}}


@pytest.mark.parametrize(("found", "posts"), [("Hola", 0), ("Something else", 1)])
async def test_after_a_crash_twilio_is_asked_before_anything_is_repeated(redis, found, posts):
    await killed_while_sending(redis, reply("sms", HOLA))
    provider = Provider(listed(found))
    entry = await sent(redis, provider)
    assert len(provider.said()) == posts
    assert await status_of(redis, entry) == "queued"


async def test_twilio_is_asked_again_where_it_did_not_answer(redis):
    await killed_while_sending(redis, reply("sms", HOLA))
    entry = await sent(redis, Provider(SILENT, DOWN, listed("Hola")))
    assert await status_of(redis, entry) == "queued"


async def test_what_twilio_does_not_say_now_is_looked_up_later_and_not_given_up(redis):
    await killed_while_sending(redis, reply("sms", HOLA))
    await sent(redis, Provider(SILENT, SILENT, SILENT))
    (item,) = await waiting(redis)
    assert (item["tries"], item["why"]) == ("1", "check")
    assert await redis.xlen(keys.DEAD_LETTERS) == 0


async def test_a_crisis_answer_does_not_wait_until_twilio_can_be_asked(redis):
    message = OutboundMessage("Hola", purpose="crisis")
    await killed_while_sending(redis, reply("sms", message))
    provider = Provider(*[{"method": "GET Messages.json", **DOWN}] * 3)
    await sent(redis, provider, message)
    assert len(provider.said()) == 1


@pytest.mark.parametrize(("purpose", "posts"), [("reply", 0), ("crisis", 1)])
async def test_telegram_repeats_only_a_crisis_answer(redis, purpose, posts):
    message = OutboundMessage("Hola", purpose=purpose)
    await killed_while_sending(redis, reply("telegram", message))
    provider = Provider()
    await sent(redis, provider, message, telegram, "5550001")
    assert len(provider.requests) == posts
    assert await redis.xlen(keys.DEAD_LETTERS) == 1 - posts


async def test_a_crisis_answer_is_not_repeated_for_ever(redis):
    message = OutboundMessage("Hola", purpose="crisis")
    await killed_while_sending(redis, reply("telegram", message))
    provider = Provider()
    await sent(redis, provider, message, telegram, "5550001", part="0", why="check", tries="2")
    assert provider.requests == []


async def test_a_timed_out_message_is_settled_by_its_receipt(redis):
    provider = Provider(SILENT)
    entry = await sent(redis, provider)
    reference = reference_of(entry, 0)
    channel = sms(provider)
    channel.attach(desk_on(redis))
    hook = signed(
        f"/webhooks/sms/status?m={reference}", MessageSid="SMlate", MessageStatus="delivered"
    )
    assert (await channel.receive(hook)).status == 200
    assert await status_of(redis, entry) == "delivered"
    (item,) = await waiting(redis)
    await send(redis, sender_on(redis, sms=channel), entry, part="0", why=item["why"])
    assert len(provider.requests) == 1


async def test_the_window_counts_when_sending(redis):
    provider = Provider()
    channel = whatsapp(provider)
    await give_address(redis, PHONE)
    await redis.hset(keys.profile("p1"), "last_inbound", time.time() - 24 * 3600 + 240)
    await send(redis, sender_on(redis, whatsapp=channel), reply("whatsapp", HOLA))
    assert provider.requests == []
    (event,) = await events_in(redis)
    assert (event["type"], event["reason"]) == ("send.blocked", "wa_window_closed")


async def test_campaigns_wait_in_their_own_queue_and_respect_opt_outs(redis):
    provider = Provider()
    sender = sender_on(redis, sms=sms(provider))
    await give_address(redis, PHONE)
    entry = reply("sms", OutboundMessage("Taller", purpose="campaign"))
    await send(redis, sender, entry)
    assert provider.requests == []
    ((id_, fields),) = await redis.xrange(keys.bulk(0))
    await redis.set(keys.opted_out("p1"), "1")
    await sender.handle_bulk(0, id_.decode(), fields)
    assert provider.requests == []
    assert (await events_in(redis))[-1]["reason"] == "opted_out"


async def test_while_a_channel_is_halted_answers_wait(redis):
    await redis.set(keys.halted("sms"), "20003")
    provider = Provider()
    await sent(redis, provider)
    assert provider.requests == []
    assert len(await waiting(redis)) == 1


async def test_a_crisis_answer_is_tried_even_then(redis):
    await redis.set(keys.halted("sms"), "20003")
    provider = Provider()
    await sent(redis, provider, OutboundMessage("Llamá al 911", purpose="crisis"))
    assert len(provider.said()) == 1


async def test_what_is_due_comes_back_to_the_outbox(redis):
    entry = reply("sms", HOLA)
    later = Later(redis)
    await later.put(entry, 60)
    assert await later.move_due() == 0
    await later.put(entry, -1, part=1, tries=2)
    assert await later.move_due() == 1
    ((_, fields),) = await redis.xrange(keys.outbox(keys.partition_of("p1")))
    assert (fields[b"part"], fields[b"tries"], fields[b"why"]) == (b"1", b"2", b"again")


async def wait_of(redis, person, rate, *, bulk):
    [seconds] = await take(redis, turn("sms", person, rate, bulk=bulk))
    return float(seconds)


async def test_campaigns_leave_room_for_answers(redis):
    rate = {"reply_per_second": 10, "bulk_per_second": 1, "bulk_person_seconds": 6}
    assert await wait_of(redis, "p1", rate, bulk=True) == 0
    assert await wait_of(redis, "p2", rate, bulk=True) > 0.5
    assert await wait_of(redis, "p3", rate, bulk=False) == 0


async def test_one_person_is_not_flooded_by_campaigns(redis):
    rate = {"reply_per_second": 1000, "bulk_per_second": 1000, "bulk_person_seconds": 6}
    assert await wait_of(redis, "p1", rate, bulk=True) == 0
    assert await wait_of(redis, "p1", rate, bulk=True) > 5


async def test_campaigns_go_at_half_their_rate_after_a_provider_found_us_too_fast(redis):
    rate = {"reply_per_second": 1000, "bulk_per_second": 1, "bulk_person_seconds": 0}
    await redis.set(keys.slow("sms"), "429")
    assert await wait_of(redis, "p1", rate, bulk=True) == 0
    assert 1 < await wait_of(redis, "p2", rate, bulk=True) <= 2


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


async def test_campaigns_go_out_beside_the_answers(redis):
    provider, stop = Provider(), asyncio.Event()
    sender = sender_on(redis, sms=sms(provider))
    await give_address(redis, PHONE)
    await send(redis, sender, reply("sms", OutboundMessage("Taller", purpose="campaign")))
    running = asyncio.create_task(sender.background(stop))
    while not provider.requests:
        await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert provider.said()[0]["ValidityPeriod"] == "14400"
