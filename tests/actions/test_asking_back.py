"""What is said where no topic is sure."""

import pytest

from actions.answer import ActionAnswer
from actions.ask_back import ActionAskBack
from tests.actions.acting import country, run, tracker


async def test_asking_back_offers_the_nearest_topics_and_none():
    at = tracker("nlu_fallback", ranking=[("tps", 0.4), ("daca", 0.3), ("out_of_scope", 0.2)])
    messages, _ = await run(ActionAskBack(), at)
    assert messages[0]["response"] == "utter_ask_back"
    assert messages[0]["choices"] == ["a:tps", "a:daca", "x:none"]


async def test_with_nothing_near_it_says_so_and_offers_a_person():
    messages, _ = await run(ActionAskBack(), tracker("nlu_fallback", ranking=[("tps", 0.02)]))
    assert messages[0]["response"] == "utter_not_understood"
    assert "a:talk_to_human" in messages[0]["choices"]


@pytest.mark.parametrize("text", ["sos una basura de bot", "FUCK you", "va te faire, connard!"])
async def test_an_insult_gets_one_calm_line(text):
    messages, _ = await run(ActionAnswer(), tracker(topic="out_of_scope", text=text))
    assert [(m["response"], m.get("choices")) for m in messages] == [("utter_calm", None)]
    messages, _ = await run(ActionAskBack(), tracker("nlu_fallback", text=text))
    assert [m["response"] for m in messages] == ["utter_calm"]


async def test_rude_words_about_something_else_are_no_insult():
    text = "mi abogado es un inutil y ya le pague"
    at = tracker("nlu_fallback", ranking=[("legal_help", 0.4)], text=text)
    messages, _ = await run(ActionAskBack(), at)
    assert messages[0]["response"] == "utter_ask_back"
    messages, _ = await run(ActionAnswer(), tracker(topic="asylum_mexico", text=text))
    assert messages[0]["response"] == "utter_faq/asylum_mexico"


@pytest.mark.parametrize("text", ["🇬🇹➡️🇺🇸", "❓❓", "👶🚌…"])
async def test_pictures_alone_lead_to_the_menu_when_they_are_not_understood(text):
    at = tracker("nlu_fallback", ranking=[("tps", 0.2)], text=text)
    messages, _ = await run(ActionAskBack(), at)
    assert messages[0]["response"] == "utter_menu_title"
    assert "g:path" in messages[0]["choices"]


async def test_one_near_topic_alone_is_offered_with_the_pathway_finder():
    messages, _ = await run(ActionAskBack(), tracker("nlu_fallback", ranking=[("tps", 0.4)]))
    assert messages[0]["choices"] == ["a:tps", "g:path", "x:none"]


async def test_a_place_told_in_a_text_that_is_not_understood_is_remembered_and_said():
    at = tracker("nlu_fallback", entities=[country("US", "c")], ranking=[("tps", 0.4)])
    messages, slots = await run(ActionAskBack(), at)
    assert (messages[0]["lead"], slots["country"]) == (["country_set"], "US")
    assert messages[0]["values"] == {"country": "Estados Unidos"}
