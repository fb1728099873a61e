"""Every case of ``conformance.json``, except those of the campaign planner."""

import pytest

from tests.channels.conformance.assistant import trained
from tests.channels.conformance.run import CAMPAIGNS, CASES, load, run_case
from tests.channels.conformance.world import is_conversation

DOCUMENT = load(CASES)


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=lambda case: case["id"])
async def test_case(case, redis):
    if case["id"].startswith(CAMPAIGNS):
        pytest.skip("the campaign planner is no part of the channels")
    if is_conversation(case) and not trained():
        pytest.skip("no trained model")
    assert await run_case(case, DOCUMENT["meta"]["fixtures"], redis) == []
