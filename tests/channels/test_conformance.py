"""Every case of ``conformance.json``, except those of the campaign planner."""

import pytest

from tests.channels.conformance.run import CAMPAIGNS, CASES, load, run_case

DOCUMENT = load(CASES)
# The campaign planner is no part of the channels.
OURS = [case for case in DOCUMENT["cases"] if not case["id"].startswith(CAMPAIGNS)]


@pytest.mark.parametrize("case", OURS, ids=lambda case: case["id"])
async def test_case(case, redis, model):
    assert await run_case(case, DOCUMENT["meta"]["fixtures"], redis) == []
