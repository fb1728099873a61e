"""What goes out at another time: campaigns, halted channels, rates."""

import asyncio

from bot.messages import OutboundMessage
from bot.runtime import keys
from bot.runtime.steps import take
from channels.later import Later
from channels.rates import turn
from tests.channels.harness import (
    PHONE,
    Provider,
    events_in,
    give_address,
    reply,
    send,
    sender_on,
    sms,
)
from tests.channels.outgoing import HOLA, sent, waiting


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
