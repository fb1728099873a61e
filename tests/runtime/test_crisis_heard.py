"""A crisis is one, whichever guard heard it: the desk's rules or the worker's model."""

import json

import pytest

from bot import settings
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
        "paused_for": await redis.ttl(keys.campaigns_paused(PERSON)),
    }


def only_hinted_at(assistant):
    """Return a telling that the model has learnt and no rule finds."""
    rules = Reflexes(lambda: assistant.live.current)
    learnt = settings.ROOT / "data" / "crisis" / "model" / "es.jsonl"
    for told in map(json.loads, learnt.read_text(encoding="utf-8").splitlines()):
        message = InboundMessage("whatsapp", PERSON, "0", text=told["text"])
        if told["crisis"] and told["type"] == "kidnapped" and not rules(message).urgent:
            return told["text"]
    raise AssertionError("the rules find everything")


@pytest.mark.parametrize("guard", ["rules", "model"])
async def test_a_crisis_is_handled_alike_whoever_heard_it(write, assistant, guard):
    text = "secuestraron a mi hijo" if guard == "rules" else only_hinted_at(assistant)
    found = await write(text)
    [reply] = found["replies"]
    assert reply["purpose"] == "crisis"
    assert reply["about"]["crisis"] == found["crises"][0]["crisis"]
    assert (reply["about"]["rule"] == "model") == (guard == "model")
    assert found["answered"][0]["crisis"] == found["crises"][0]["crisis"]
    assert len(found["crises"]) == 1
    assert found["paused_for"] == pytest.approx(keys.CAMPAIGNS_PAUSED_FOR, abs=60)


async def test_where_to_call_in_the_country_is_as_urgent(write, assistant):
    await write(only_hinted_at(assistant))
    found = await write("Honduras", number=2)
    assert [reply["purpose"] for reply in found["replies"]] == ["crisis", "crisis"]


async def test_a_question_pauses_nothing(write):
    found = await write("cuanto cuesta el pasaporte en honduras")
    assert {reply["purpose"] for reply in found["replies"]} == {"reply"}
    assert found["answered"][0]["crisis"] is None
    assert (found["crises"], found["paused_for"]) == ([], -2)
