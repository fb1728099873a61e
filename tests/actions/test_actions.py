"""What each action says and remembers, tracker in, responses and events out."""

import time

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer
from actions.ask_back import ActionAskBack
from actions.command import ActionCommand
from actions.crisis import ActionCrisis
from actions.feedback import ActionFeedback
from actions.guide import ActionGuide
from actions.language import ActionSetLanguage
from actions.lines import ActionLines
from actions.person import ActionPerson
from actions.places import ActionSetPlace
from actions.receive import ActionReceive
from bot.content import live, release
from bot.content.files import read_content
from bot.settings import ROOT
from tests import team_hours


@pytest.fixture(scope="module", autouse=True)
def published():
    live._shared = live.LiveRelease(release.build(read_content(ROOT), 1))
    yield
    live._shared = None


def tracker(
    intent="faq", topic=None, entities=(), slots=None, ranking=(), metadata=None, text=None
):
    latest = {
        "text": text,
        "intent": {"name": intent},
        "entities": [dict(entity) for entity in entities],
        "intent_ranking": [{"name": f"faq/{name}", "confidence": c} for name, c in ranking],
        "metadata": metadata or {},
    }
    if topic:
        latest["response_selector"] = {"faq": {"response": {"intent_response_key": f"faq/{topic}"}}}
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


@pytest.mark.parametrize(
    ("role", "value", "event", "response"),
    [
        ("u", "tps", {"helpful": True}, "utter_thanks_feedback"),
        ("d", "tps", {"helpful": False}, "utter_sorry_feedback"),
        ("w", "tps.wrong", {"reason": "wrong"}, "utter_thanks_feedback"),
    ],
)
async def test_feedback_becomes_an_event_about_the_answer(role, value, event, response):
    at = tracker("feedback", entities=[{"entity": "feedback", "value": value, "role": role}])
    messages, _ = await run(ActionFeedback(), at)
    assert messages[0]["response"] == response
    noted = messages[0]["events"][0]["details"]
    assert noted["label"] == "tps"
    assert event.items() <= noted.items()


def command(name):
    return [{"entity": "command", "value": name}]


async def test_without_a_help_desk_the_lines_with_people_are_given():
    messages, _ = await run(
        ActionPerson(), tracker("seek_person", slots={"country": "HN"}, entities=command("human"))
    )
    assert messages[0]["response"] == "utter_faq/talk_to_human"
    assert "x:human" not in messages[0]["after"]


@pytest.fixture
def help_desk(monkeypatch):
    team_hours.at_the_desk(monkeypatch)


@pytest.mark.usefixtures("help_desk")
async def test_with_a_help_desk_consent_comes_first_and_then_the_hand_over():
    messages, _ = await run(ActionPerson(), tracker("seek_person", entities=command("human")))
    assert messages[0]["response"] == "utter_human_consent"
    assert messages[0]["choices"] == ["x:human_yes", "x:human_no"]
    at = tracker("seek_person", slots={"topic": "crisis_threatened"}, entities=command("human_yes"))
    messages, _ = await run(ActionPerson(), at)
    assert messages[0]["handover"]["priority"] == "high"


async def test_outside_the_hours_it_says_so_and_gives_the_lines(monkeypatch):
    team_hours.away(monkeypatch)
    at = tracker("seek_person", slots={"country": "SV"}, entities=command("human"))
    messages, _ = await run(ActionPerson(), at)
    assert [m["response"] for m in messages] == ["utter_human_closed", "utter_lines/SV"]


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
        ("sent_contact", None, "utter_contact_refused"),
        ("sent_unsupported", None, "utter_unsupported"),
    ],
)
async def test_what_is_not_text_is_answered_kindly(intent, attachment, response):
    at = tracker(intent, metadata={"attachment": attachment})
    messages, _ = await run(ActionReceive(), at)
    assert messages[0]["response"] == response


@pytest.mark.parametrize(
    "command",
    [
        "menu",
        "none",
        "not_me",
        "erase",
        "my_data",
        "exit",
        "erase_no",
        "safe",
        "safety",
        "stop",
        "start",
    ],
)
async def test_every_command_says_something_that_exists(command):
    at = tracker("command", entities=[{"entity": "command", "value": command}])
    messages, _ = await run(ActionCommand(), at)
    phrase = messages[0]["response"].removeprefix("utter_")
    assert live.live_release().current.phrase(phrase, "es")


async def test_a_forwarded_message_leads_to_the_scam_check():
    messages, _ = await run(ActionAnswer(), tracker(topic="daca", metadata={"forwarded": True}))
    assert messages[0]["after"][0] == "g:scam"


async def test_a_question_in_the_middle_is_answered_and_leads_back():
    at = tracker("guide", entities=[{"entity": "guide", "value": "path"}])
    _, slots = await run(ActionGuide(), at)
    state = {**slots["guide"], "answers": {"origin": "HN"}}
    messages, slots = await run(ActionAnswer(), tracker(topic="tps", slots={"guide": state}))
    assert messages[0]["places"]["origin"] == "HN"
    assert messages[0]["after"][0] == "x:resume"
    assert slots["guide"]["paused"] is True
    assert "origin" not in slots


async def test_a_short_text_that_answers_nothing_is_asked_again():
    _, slots = await run(
        ActionGuide(), tracker("guide", entities=[{"entity": "guide", "value": "scam"}])
    )
    at = tracker("nlu_fallback", slots={"guide": slots["guide"]})
    messages, _ = await run(ActionAskBack(), at)
    assert messages[0]["response"] == "utter_ask_scam_offer"
    assert messages[0]["lead"] == ["guide_unclear"]


async def test_the_end_forgets_the_answers():
    slots = {"guide": None}
    for value in ("scam", "scam.offer.visa", "scam.pay.yes", "scam.sure.yes", "scam.hurry.no",
                  "scam.papers.no", "scam.written.no"):  # fmt: skip
        at = tracker("guide", entities=[{"entity": "guide", "value": value}], slots=dict(slots))
        messages, changed = await run(ActionGuide(), at)
        slots |= changed
    assert [m["response"] for m in messages] == ["utter_scam_danger", "utter_faq/scam_verify"]
    assert messages[0]["lists"]["flags"] == ["flag_scam_pay", "flag_scam_sure", "flag_scam_written"]
    assert messages[0]["events"][0]["details"] == {"guide": "scam", "language": "es"}
    assert slots["guide"] is None


async def test_an_old_button_of_a_finished_one_begins_anew():
    at = tracker("guide", entities=[{"entity": "guide", "value": "lost.where.desert"}])
    messages, slots = await run(ActionGuide(), at)
    assert messages[0]["response"] == "utter_ask_lost_who"
    assert slots["guide"]["answers"] == {"where": "desert"}


async def test_one_near_topic_alone_is_offered_with_the_pathway_finder():
    messages, _ = await run(ActionAskBack(), tracker("nlu_fallback", ranking=[("tps", 0.4)]))
    assert messages[0]["choices"] == ["a:tps", "g:path", "x:none"]


async def test_a_place_told_in_a_text_that_is_not_understood_is_remembered_and_said():
    at = tracker("nlu_fallback", entities=[country("US", "c")], ranking=[("tps", 0.4)])
    messages, slots = await run(ActionAskBack(), at)
    assert (messages[0]["lead"], slots["country"]) == (["country_set"], "US")
    assert messages[0]["values"] == {"country": "Estados Unidos"}


async def test_whose_country_is_told_where_no_topic_is_heard_sets_the_place():
    at = tracker(topic="out_of_scope", entities=[country("HN", "o")])
    messages, slots = await run(ActionAnswer(), at)
    assert messages[0]["response"] == "utter_country_set"
    assert slots == {"origin": "HN"}


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


def said_before(seconds, **slots):
    """Return the events by which slots were filled so long ago."""
    at = time.time() - seconds
    return [
        {"event": "slot", "name": name, "value": value, "timestamp": at}
        for name, value in slots.items()
    ]


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


async def test_what_begins_with_yes_is_one_where_nothing_else_is_heard():
    _, slots = await run(
        ActionGuide(), tracker("guide", entities=[{"entity": "guide", "value": "scam.offer.job"}])
    )
    at = tracker("nlu_fallback", slots={"guide": slots["guide"]}, ranking=[("tps", 0.2)])
    at.latest_message["text"] = "si que no le diga a mi mama"
    messages, slots = await run(ActionAskBack(), at)
    assert messages[0]["response"] == "utter_ask_scam_sure"
    assert slots["guide"]["answers"]["pay"] == "yes"
