"""Every case of ``conformance.json``, except those of the campaign planner."""

import pytest

from tests.channels.conformance.run import CAMPAIGNS, CASES, load, run_case

DOCUMENT = load(CASES)
NEEDS_ASSISTANT = {"PRIV-05"}  # a conversation: tests/conversations has it


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=lambda case: case["id"])
async def test_case(case, redis):
    if case["id"].startswith(CAMPAIGNS) or case["id"] in NEEDS_ASSISTANT:
        pytest.skip("not a matter of the channels")
    assert await run_case(case, DOCUMENT["meta"]["fixtures"], redis) == []
