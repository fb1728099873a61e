"""A stored conversation that cannot be read costs its memory, never the answers after it."""

import json

import pytest

from bot.runtime import keys
from tests.runtime.conftest import PERSON


@pytest.mark.parametrize(
    "stored",
    [
        "cut off in the mid",
        b"\xff\xfe",
        "[]",
        '{"events": 3}',
        '{"name": "ana", "events": [{"event": "?"}]}',
    ],
)
async def test_who_has_a_damaged_conversation_is_answered_and_has_a_new_one(write, redis, stored):
    await redis.set(keys.tracker(PERSON), stored)
    found = await write("como saco el pasaporte en honduras")
    assert [reply["about"].get("answer") for reply in found["replies"]] == ["passport_documents"]
    kept = json.loads(await redis.get(keys.tracker(PERSON)))
    assert [event["text"] for event in kept["events"] if event["event"] == "user"]
    assert await redis.xlen(keys.DEAD_LETTERS) == 0
