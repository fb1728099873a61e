"""A part that may have arrived: after a crash, after a time-out."""

import time

import pytest

from bot.messages import OutboundMessage
from bot.runtime import keys
from channels.deliveries import Deliveries, reference_of
from tests.channels.harness import Provider, desk_on, reply, send, sender_on, signed, sms, telegram
from tests.channels.outgoing import DOWN, HOLA, SILENT, sent, status_of, waiting


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
