"""After an erasure nothing of the person is left in Redis, but the opt-out marker."""

import json
import time
from dataclasses import asdict

import pytest

from bot.messages import InboundMessage, OutboundMessage
from bot.privacy import user_ref
from bot.runtime import keys
from bot.runtime.desk import Received
from bot.runtime.erasing import after_receipt, erase
from bot.runtime.events import Event, emit
from channels.erasing import Erasing
from tests.channels.harness import (
    PHONE,
    Provider,
    desk_on,
    events_in,
    reply,
    send,
    sender_on,
    sms,
)

KEY = "k" * 32
PERSON = user_ref(KEY, "sms", PHONE)
OTHER = user_ref(KEY, "sms", "+12025550199")
TEXT = "mi hijo Carlitos va para Houston"
RECEIPT = OutboundMessage("Ya quedó borrado.", about={"phrase": "erased"})


async def everything(redis):
    """Return every key with all that it holds, as one text each."""
    found = {}
    async for key in redis.scan_iter("*"):
        kind = (await redis.type(key)).decode()
        if kind == "string":
            held = await redis.get(key)
        elif kind == "hash":
            held = await redis.hgetall(key)
        elif kind == "set":
            held = await redis.smembers(key)
        elif kind == "zset":
            held = await redis.zrange(key, 0, -1, withscores=True)
        else:
            held = await redis.xrange(key, "-", "+")
        found[key.decode()] = repr(held)
    return found


async def traces(redis, person=PERSON, address=PHONE):
    """Return the keys that name the person, hold their pseudonym, address or words."""
    marks = (person, address, TEXT, "Carlitos", f"SM{person[-6:]}")
    return sorted(
        key
        for key, held in (await everything(redis)).items()
        if any(mark in key + held for mark in marks)
    )


async def lived(redis, provider, person=PERSON, address=PHONE):
    """Let a person have written, been answered, flooded, opted out, and failed to be reached."""
    desk = desk_on(redis)
    for number in range(3):
        message = InboundMessage(
            "sms", person, f"SM{person[-6:]}{number}", text=TEXT, received_at=time.time()
        )
        await desk.take(Received(message, address))
    await redis.set(keys.tracker(person), TEXT)
    await redis.sadd(keys.issued(person), "a:tps")
    await redis.set(keys.campaigns_paused(person), "crisis")
    await redis.set(keys.opted_out(person), "1")
    await desk.identify(person, f"{person}-alias")
    sender = sender_on(redis, sms=sms(provider))
    for number in range(2):
        await send(
            redis,
            sender,
            reply("sms", OutboundMessage("Hola"), f"sms:{person[-6:]}:{number}", person),
        )
    waiting = reply("sms", OutboundMessage("más tarde"), f"later:{person}", person)
    await sender._later.put(waiting, 60)
    await sender._outbox.note_dead(waiting, "test")
    await redis.xadd(keys.HANDOVERS, {"person": person, "details": TEXT})
    await redis.xadd(keys.HANDOVERS, {"person": person, "what": "open", "details": TEXT})
    conversation = f"7{person[-6:]}"
    await redis.set(keys.handed_over(person), conversation)
    await redis.set(keys.desk_person(conversation), person)
    await redis.sadd(keys.made(person), keys.desk_person(conversation))
    message = f"SM{person[-6:]}1"
    for event in (
        Event("answered", {"message": message, "country": "HN", "top": [["lost", 0.9]]}),
        Event("not_understood", {"message": message, "sealed": "c2VhbGVk"}),
        Event("crisis", {"crisis": "kidnapped", "message": message}),
        Event("queue.human", {"message": message, "reason": "voice_after_crisis", "ref": "ME1"}),
        Event("feedback", {"label": "tps", "helpful": True, "country": "HN"}),
        Event("guide.finished", {"guide": "path", "language": "es"}),
        Event("erasure.done", {"channel": "sms"}),
    ):
        await emit(redis, event)
    for partition in range(keys.PARTITIONS):
        await redis.delete(keys.inbox(partition))  # the worker took them off
    return sender


async def test_nothing_is_left_but_the_opt_out_marker(redis):
    provider = Provider()
    sender = await lived(redis, provider)
    assert len(await traces(redis)) > 10
    ids = await erase(redis, PERSON, address=False)
    assert sorted(await traces(redis)) == sorted([keys.address(PERSON), keys.opted_out(PERSON)])
    assert any(i.startswith("SM") for i in ids)
    await send(redis, sender, reply("sms", RECEIPT, "sms:SMlast:0", PERSON))
    assert provider.said()[-1]["Body"] == "Ya quedó borrado."
    assert await traces(redis) == [keys.opted_out(PERSON)]
    # What is left of them names no message: figures, and that an erasure was done.
    types = {event["type"] for event in await events_in(redis)}
    assert types >= {"feedback", "guide.finished", "erasure.done"}
    assert not types & {"answered", "not_understood", "crisis", "queue.human"}
    left = {key.partition(":")[0] for key in await everything(redis)}
    assert left <= {"stopped", "events", "erasing", "rate", "out", "dead", "handovers"}, left


class Slow:
    """The store, with a receipt sent while an erasure looks for what is a person's."""

    def __init__(self, redis, meanwhile):
        self._redis, self._meanwhile = redis, meanwhile

    def __getattr__(self, name):
        return getattr(self._redis, name)

    async def scan_iter(self, *args, **more):
        await self._meanwhile()
        async for key in self._redis.scan_iter(*args, **more):
            yield key


async def test_a_receipt_on_its_way_during_the_erasure_leaves_nothing_either(redis):
    sender = await lived(redis, Provider())
    message = reply("sms", RECEIPT, "sms:SMlast:0", PERSON)

    async def begin():
        await sender._deliveries.begin(message, 0, kept=json.dumps(asdict(message)))

    await redis.delete(keys.profile(PERSON))
    await erase(Slow(redis, begin), PERSON, address=False)
    await after_receipt(redis, "sms", PERSON, [])
    assert await traces(redis) == [keys.opted_out(PERSON)]


async def test_others_lose_nothing(redis):
    await lived(redis, Provider(), OTHER, "+12025550199")
    before = await traces(redis, OTHER, "+12025550199")
    await lived(redis, Provider())
    await erase(redis, PERSON)
    assert await traces(redis, OTHER, "+12025550199") == before


async def test_who_writes_again_before_the_receipt_keeps_the_new_conversation(redis):
    sender = await lived(redis, Provider())
    await erase(redis, PERSON, address=False)
    message = InboundMessage("sms", PERSON, "SMnew", text="hola otra vez", received_at=time.time())
    await desk_on(redis).take(Received(message, PHONE))
    await send(redis, sender, reply("sms", RECEIPT, "sms:SMlast:0", PERSON))
    assert await redis.exists(keys.address(PERSON), keys.profile(PERSON)) == 2
    assert not await redis.exists(keys.tracker(PERSON))


async def test_a_receipt_that_cannot_be_sent_erases_all_the_same(redis):
    refused = Provider({"status": 400, "json": {"code": 21211}})
    await lived(redis, Provider())
    await erase(redis, PERSON, address=False)
    await send(
        redis, sender_on(redis, sms=sms(refused)), reply("sms", RECEIPT, "sms:SMx:0", PERSON)
    )
    assert await traces(redis) == [keys.opted_out(PERSON)]


@pytest.mark.parametrize(
    ("answer", "event", "left"),
    [
        ({"status": 204, "json": {}}, "erasure.provider_done", 0),
        ({"status": 404, "json": {"code": 20404}}, "erasure.provider_done", 0),
        ({"status": 503, "json": {}}, None, 1),
    ],
)
async def test_the_provider_is_asked_to_delete_and_asked_again(redis, answer, event, left):
    provider = Provider(*[answer] * 8)
    await redis.zadd(keys.ERASING, {'{"channel": "sms", "ids": ["SM1", "SM2"], "tries": 0}': 1})
    await Erasing({"sms": sms(provider)}, redis).erase_due()
    methods = [request.method for request in provider.requests]
    assert methods.count("DELETE") == 2
    assert await redis.zcard(keys.ERASING) == left
    assert [e["type"] for e in await events_in(redis)] == ([event] if event else [])


async def test_a_channel_that_erases_nothing_is_no_failure(redis):
    await redis.zadd(keys.ERASING, {'{"channel": "telegram", "ids": ["1"], "tries": 0}': 1})
    await Erasing({}, redis).erase_due()
    assert await redis.zcard(keys.ERASING) == 0
