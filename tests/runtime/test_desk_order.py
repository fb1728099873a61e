"""What the desk promises under load: a person's order, and an honest no when too much waits."""

import asyncio

import pytest

from bot.messages import InboundMessage, OutboundMessage
from bot.runtime import keys
from bot.runtime.desk import Desk, Received, Reflex
from bot.runtime.inbox import QueueFullError
from bot.runtime.vault import Vault

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def received(number, person="ana"):
    return Received(InboundMessage("sms", person, f"SM{number}", text=f"frase {number}"), "+504")


def desk(redis, reflex=None):
    return Desk(redis, Vault(KEY), lambda message, *known: reflex or Reflex())


async def waiting(redis, person="ana"):
    entries = await redis.xrange(keys.inbox(keys.partition_of(person)))
    return [InboundMessage.from_json(fields[b"message"]).provider_id for _, fields in entries]


async def test_messages_of_one_person_that_arrive_together_keep_their_order(redis):
    ours = desk(redis)
    # The first is slower: its alias has to be looked up as well.
    first = Received(received(0).message, "+504", alias="ana2")
    await asyncio.gather(ours.take(first), *(ours.take(received(n)) for n in range(1, 8)))
    assert await waiting(redis) == [f"SM{n}" for n in range(8)]


async def test_when_too_much_waits_a_message_is_refused_and_can_come_again(redis, monkeypatch):
    ours = desk(redis)
    monkeypatch.setenv("FARO_QUEUE_MOST", "2")
    for number in range(2):
        assert await ours.take(received(number))
    with pytest.raises(QueueFullError):
        await ours.take(received(2))
    assert not await ours.take(received(1))  # a repetition is still recognised
    monkeypatch.setenv("FARO_QUEUE_MOST", "3")
    assert await ours.take(received(2))
    assert await waiting(redis) == ["SM0", "SM1", "SM2"]


async def test_a_crisis_is_taken_however_much_waits(redis, monkeypatch):
    monkeypatch.setenv("FARO_QUEUE_MOST", "0")
    answer = Reflex(replies=(OutboundMessage("911"),), urgent=True, flags=("crisis:kidnapped",))
    assert await desk(redis, answer).take(received(0))
    assert await redis.xlen(keys.outbox(keys.partition_of("ana"))) == 1
