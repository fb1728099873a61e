"""Somebody writes, and everything after it happens: the desk, the worker, the assistant, Redis."""

import json

import pytest

from bot.messages import InboundMessage
from bot.reflexes import Reflexes
from bot.runtime import keys
from bot.runtime.desk import Desk, Received
from bot.runtime.vault import Vault

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
OWNER = "worker"
PERSON = "ana"


@pytest.fixture(scope="module")
def assistant(model):
    from bot.runtime.assistant import Assistant

    return Assistant.load(str(model))


@pytest.fixture
def write(assistant, redis, redis_url, monkeypatch):
    """Let somebody write, and everything after it happen; return what is left in the store."""
    monkeypatch.setenv("FARO_VAULT_KEY", KEY)
    from bot.runtime.trackers import Trackers
    from bot.runtime.worker import Worker

    monkeypatch.setenv("REDIS_URL", redis_url)  # where the worker saves conversations
    agent = assistant.agent
    agent.tracker_store = agent.processor.tracker_store = Trackers(agent.domain)
    reflexes = Reflexes(lambda: assistant.live.current)
    desk = Desk(redis, Vault(KEY), reflexes)

    async def write(text, number=1):
        message = InboundMessage("whatsapp", PERSON, f"SM{number}", text=text)
        assert await desk.take(Received(message, "+50490000000"))
        partition = keys.partition_of(PERSON)
        stream = keys.inbox(partition)
        await redis.set(keys.lease(stream), OWNER)
        if number == 1:
            await redis.xgroup_create(stream, keys.GROUP, "0", mkstream=True)
        [(_, entries)] = await redis.xreadgroup(keys.GROUP, OWNER, {stream: ">"})
        for entry, fields in entries:
            await Worker(assistant, redis, OWNER).handle(partition, entry.decode(), fields)
        return await left(redis, partition)

    return write


async def left(redis, partition):
    """Return what was said, what staff were told, and how long campaigns are paused."""
    said = [json.loads(f[b"reply"]) for _, f in await redis.xrange(keys.outbox(partition))]
    events = [
        (f[b"type"].decode(), json.loads(f[b"details"])) for _, f in await redis.xrange(keys.EVENTS)
    ]
    return {
        "replies": [reply["message"] for reply in said],
        "answered": [details for name, details in events if name == "answered"],
        "crises": [details for name, details in events if name == "crisis"],
        "chosen": [details for name, details in events if name == "chosen"],
        "missed": [details for name, details in events if name == "not_understood"],
        "paused_for": await redis.ttl(keys.campaigns_paused(PERSON)),
    }
