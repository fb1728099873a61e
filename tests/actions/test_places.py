"""Where somebody is or is from: told, shared as a location, changed."""

import pytest

from actions.command import ActionCommand
from actions.lines import ActionLines
from actions.places import ActionSetPlace
from tests.actions.acting import country, run, said_before, tracker


async def test_a_country_told_when_asked_gives_the_waiting_answer():
    at = tracker("tell_place", entities=[country("HN", "c")], slots={"pending": "hotlines"})
    messages, slots = await run(ActionSetPlace(), at)
    assert messages[0]["response"] == "utter_faq/hotlines"
    assert slots == {"country": "HN", "pending": None, "topic": "hotlines"}


async def test_a_country_told_unasked_is_noted():
    messages, slots = await run(
        ActionSetPlace(), tracker("tell_place", entities=[country("HN", "o")])
    )
    assert messages[0]["response"] == "utter_country_set"
    assert messages[0]["values"] == {"country": "Honduras"}
    assert slots == {"origin": "HN"}


async def test_changing_the_country_asks_again_for_the_same_answer():
    at = tracker(
        "command",
        entities=[{"entity": "command", "value": "place"}],
        slots={"topic": "hotlines", "country": "HN"},
    )
    messages, slots = await run(ActionCommand(), at)
    assert messages[0]["response"] == "utter_ask_country"
    assert slots == {"country": None, "pending": "hotlines"}


async def test_none_of_the_countries_gets_the_general_answer():
    at = tracker(
        "command",
        entities=[{"entity": "command", "value": "elsewhere"}],
        slots={"pending": "hotlines"},
    )
    messages, _ = await run(ActionCommand(), at)
    assert messages[0]["response"] == "utter_faq/hotlines"


async def test_a_location_near_a_border_asks_and_far_from_all_asks_too():
    for places, response in [(["GT", "MX"], "utter_near_border"), ([], "utter_location_received")]:
        messages, slots = await run(
            ActionLines(), tracker("sent_location", metadata={"countries": places})
        )
        assert messages[0]["response"] == response
        assert slots == {"pending": "lines"}


async def test_a_location_in_one_country_gives_its_lines_and_keeps_only_the_country():
    messages, slots = await run(
        ActionLines(), tracker("sent_location", metadata={"countries": ["HN"]})
    )
    assert messages[0]["response"] == "utter_lines/HN"
    assert slots == {"country": "HN", "pending": None, "topic": "lines"}


async def test_a_country_told_gives_the_lines_that_waited_for_it():
    at = tracker("tell_place", entities=[country("MX", "c")], slots={"pending": "lines"})
    messages, slots = await run(ActionSetPlace(), at)
    assert messages[0]["response"] == "utter_lines/MX"
    assert slots["country"] == "MX"


async def test_where_somebody_is_answers_where_they_are_from_once():
    at = tracker(
        "tell_place", entities=[country("HN", "c")], slots={"pending": "returned_migrant_help"}
    )
    messages, slots = await run(ActionSetPlace(), at)
    assert messages[0]["response"] == "utter_faq/returned_migrant_help"
    assert (slots["country"], slots["origin"]) == ("HN", "HN")
    at = tracker(
        "tell_place", entities=[country("MX", "c")], slots={"pending": "returned_migrant_help"}
    )
    messages, slots = await run(ActionSetPlace(), at)
    assert messages[0]["response"] == "utter_ask_origin"


@pytest.mark.parametrize(
    ("ago", "response"), [(60, "utter_faq/hotlines"), (7200, "utter_country_set")]
)
async def test_another_country_told_after_an_answer_gives_it_for_that_country(ago, response):
    at = tracker(
        "tell_place", entities=[country("GT")], slots={"topic": "hotlines", "country": "MX"}
    )
    at.events = said_before(ago, topic="hotlines")
    messages, slots = await run(ActionSetPlace(), at)
    assert messages[0]["response"] == response
    assert slots["country"] == "GT"
