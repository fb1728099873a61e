"""A crisis is one, whichever guard heard it: the desk's rules or the worker's model."""

import json

import pytest

from bot import settings
from bot.messages import InboundMessage
from bot.reflexes import Reflexes
from bot.runtime import keys
from bot.runtime.worker import TRIES
from tests import team_hours
from tests.runtime.conftest import PERSON

# Rasa cannot go on with it.
IN_A_FORM_THAT_IS_GONE = {
    "name": PERSON,
    "events": [
        {"event": "action", "name": "action_listen", "timestamp": 1.0},
        {"event": "active_loop", "name": "gone_form", "timestamp": 1.0},
    ],
}


def only_hinted_at(assistant):
    """Return a telling that the model has learnt and no rule finds."""
    rules = Reflexes(lambda: assistant.live.current)
    learnt = settings.ROOT / "data" / "crisis" / "model" / "es.jsonl"
    for told in map(json.loads, learnt.read_text(encoding="utf-8").splitlines()):
        message = InboundMessage("whatsapp", "ana", "0", text=told["text"])
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


async def test_a_doubtful_crisis_is_answered_when_the_assistant_fails(write, redis):
    await redis.set(keys.tracker(PERSON), json.dumps(IN_A_FORM_THAT_IS_GONE))
    await redis.set(keys.tries("whatsapp", "SM1"), TRIES - 1)  # so often it has failed already
    found = await write("anda con un cuchillo y estoy metida en el baño con las niñas")
    [reply] = found["replies"]
    assert reply["purpose"] == "crisis"
    assert len(found["crises"]) == 1
    assert await redis.xlen(keys.DEAD_LETTERS) == 1  # it did fail


async def test_a_doubtful_crisis_does_not_wait_for_the_team_to_look(write, redis, monkeypatch):
    team_hours.at_the_desk(monkeypatch)
    await redis.set(keys.handed_over(PERSON), "")
    found = await write("anda con un cuchillo y estoy metida en el baño con las niñas")
    assert [reply["purpose"] for reply in found["replies"]] == ["crisis"]
    assert await redis.xlen(keys.HANDOVERS) == 1


async def test_where_to_call_in_the_country_is_as_urgent(write, assistant):
    await write(only_hinted_at(assistant))
    found = await write("Honduras", number=2)
    assert [reply["purpose"] for reply in found["replies"]] == ["crisis", "crisis"]


async def test_a_question_pauses_nothing(write):
    found = await write("cuanto cuesta el pasaporte en honduras")
    assert {reply["purpose"] for reply in found["replies"]} == {"reply"}
    assert found["answered"][0]["crisis"] is None
    assert (found["crises"], found["paused_for"]) == ([], -2)
