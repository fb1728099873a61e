"""What the answer action says of a topic, and what it remembers: countries and languages."""

import pytest

from actions.answer import ActionAnswer
from actions.language import ActionSetLanguage
from tests.actions.acting import country, run, said_before, tracker


async def test_an_answer_that_needs_no_country_is_said_at_once():
    messages, slots = await run(ActionAnswer(), tracker(topic="asylum_mexico"))
    assert [m["response"] for m in messages] == ["utter_faq/asylum_mexico"]
    assert slots == {"pending": None, "topic": "asylum_mexico"}


async def test_an_answer_that_depends_on_the_country_asks_first():
    messages, slots = await run(ActionAnswer(), tracker(topic="hotlines"))
    assert messages[0]["response"] == "utter_ask_country"
    assert {"c:HN", "c:GT", "c:SV", "x:elsewhere"} <= set(messages[0]["choices"])
    assert slots == {"pending": "hotlines"}


async def test_a_country_named_in_the_question_is_not_asked_for():
    at = tracker(topic="hotlines", entities=[country("GT")])
    messages, slots = await run(ActionAnswer(), at)
    assert messages[0]["response"] == "utter_faq/hotlines"
    assert messages[0]["places"]["country"] == "GT"
    assert slots["country"] == "GT"


async def test_where_someone_is_from_is_not_where_they_are():
    at = tracker(topic="hotlines", entities=[country("HN", "o"), country("MX", "c")])
    _, slots = await run(ActionAnswer(), at)
    assert (slots["country"], slots["origin"]) == ("MX", "HN")


async def test_a_remembered_country_is_used():
    at = tracker(topic="hotlines", slots={"country": "SV"})
    messages, _ = await run(ActionAnswer(), at)
    assert messages[0]["places"]["country"] == "SV"


async def test_a_language_is_switched_to_and_the_answer_said_again():
    at = tracker(
        "choose_language",
        entities=[{"entity": "language", "value": "en"}],
        slots={"topic": "asylum_mexico"},
    )
    messages, slots = await run(ActionSetLanguage(), at)
    assert [m["response"] for m in messages] == ["utter_language_set", "utter_faq/asylum_mexico"]
    assert slots["language"] == "en"
    assert slots["language_chosen"] is True


async def test_a_language_we_do_not_have_offers_those_we_have():
    at = tracker("choose_language", entities=[{"entity": "language", "value": "de"}])
    messages, _ = await run(ActionSetLanguage(), at)
    assert {"l:es", "l:en"} <= set(messages[0]["choices"])


async def test_a_forwarded_message_leads_to_the_scam_check():
    messages, _ = await run(ActionAnswer(), tracker(topic="daca", metadata={"forwarded": True}))
    assert messages[0]["after"][0] == "g:scam"


async def test_whose_country_is_told_where_no_topic_is_heard_sets_the_place():
    at = tracker(topic="out_of_scope", entities=[country("HN", "o")])
    messages, slots = await run(ActionAnswer(), at)
    assert messages[0]["response"] == "utter_country_set"
    assert slots == {"origin": "HN"}


@pytest.mark.parametrize("topic", ["thanks", "out_of_scope"])
async def test_after_a_crisis_small_talk_is_no_small_talk(topic):
    at = tracker(topic=topic, slots={"pending": "crisis_threatened"})
    at.events = said_before(60, pending="crisis_threatened")
    messages, slots = await run(ActionAnswer(), at)
    assert messages[0]["response"] == "utter_crisis_still_here"
    assert "c:HN" in messages[0]["choices"]
    assert slots == {}  # the country is still waited for
    at.events = said_before(4 * 3600, pending="crisis_threatened")
    messages, _ = await run(ActionAnswer(), at)
    assert messages[0]["response"] == f"utter_faq/{topic}"
