"""Buttons and words that ask for something of their own, and what is not text."""

import pytest

from actions.command import ActionCommand
from actions.crisis import ActionCrisis
from actions.feedback import ActionFeedback
from actions.person import ActionPerson
from actions.receive import ActionReceive
from bot.content import live
from tests import team_hours
from tests.actions.acting import command, run, tracker


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
