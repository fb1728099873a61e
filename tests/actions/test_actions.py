"""What each action says and remembers, tracker in, responses and events out."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer
from actions.ask_back import ActionAskBack
from actions.command import ActionCommand
from actions.crisis import ActionCrisis
from actions.language import ActionSetLanguage
from actions.places import ActionSetPlace
from actions.receive import ActionReceive
from bot.content import live, release
from bot.content.files import read_content
from bot.settings import ROOT


@pytest.fixture(scope="module", autouse=True)
def published():
    live._shared = live.LiveRelease(release.build(read_content(ROOT), 1))
    yield
    live._shared = None


def tracker(intent="faq", topic=None, entities=(), slots=None, ranking=(), metadata=None):
    latest = {
        "intent": {"name": intent},
        "entities": [dict(entity) for entity in entities],
        "intent_ranking": [{"name": f"faq/{name}", "confidence": c} for name, c in ranking],
        "metadata": metadata or {},
    }
    if topic:
        latest["response_selector"] = {
            "faq": {"response": {"intent_response_key": f"faq/{topic}"}}
        }
    return Tracker("person", slots or {}, latest, [], False, None, {}, "action_listen")


def country(code, role=""):
    return {"entity": "country", "value": code, "role": role}


async def run(action, at):
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, at, {})
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return dispatcher.messages, slots


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


async def test_a_country_told_when_asked_gives_the_waiting_answer():
    at = tracker("tell_place", entities=[country("HN", "c")], slots={"pending": "hotlines"})
    messages, slots = await run(ActionSetPlace(), at)
    assert messages[0]["response"] == "utter_faq/hotlines"
    assert slots == {"country": "HN", "pending": None, "topic": "hotlines"}


async def test_a_country_told_unasked_is_noted():
    messages, slots = await run(ActionSetPlace(), tracker("tell_place", entities=[country("HN", "o")]))
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


async def test_asking_back_offers_the_nearest_topics_and_none():
    at = tracker("nlu_fallback", ranking=[("tps", 0.4), ("daca", 0.3), ("out_of_scope", 0.2)])
    messages, _ = await run(ActionAskBack(), at)
    assert messages[0]["response"] == "utter_ask_back"
    assert messages[0]["choices"] == ["a:tps", "a:daca", "x:none"]


async def test_with_nothing_near_it_says_so_and_offers_a_person():
    messages, _ = await run(ActionAskBack(), tracker("nlu_fallback", ranking=[("tps", 0.02)]))
    assert messages[0]["response"] == "utter_not_understood"
    assert "a:talk_to_human" in messages[0]["choices"]


async def test_a_crisis_was_answered_already_and_waits_for_a_country():
    at = tracker("crisis", entities=[{"entity": "crisis", "value": "kidnapped"}])
    messages, slots = await run(ActionCrisis(), at)
    assert messages == []
    assert slots == {"pending": "crisis_kidnapped"}


@pytest.mark.parametrize(
    ("intent", "attachment", "response"),
    [
        ("sent_media", "voice", "utter_voice_note"),
        ("sent_media", "image", "utter_media_received"),
        ("sent_location", None, "utter_location_received"),
        ("sent_contact", None, "utter_contact_refused"),
        ("sent_unsupported", None, "utter_unsupported"),
    ],
)
async def test_what_is_not_text_is_answered_kindly(intent, attachment, response):
    at = tracker(intent, metadata={"attachment": attachment})
    messages, _ = await run(ActionReceive(), at)
    assert messages[0]["response"] == response


@pytest.mark.parametrize("command", ["menu", "none", "not_me", "erase", "my_data", "exit", "erase_no"])
async def test_every_command_says_something_that_exists(command):
    at = tracker("command", entities=[{"entity": "command", "value": command}])
    messages, _ = await run(ActionCommand(), at)
    phrase = messages[0]["response"].removeprefix("utter_")
    assert live.live_release().current.phrase(phrase, "es")
