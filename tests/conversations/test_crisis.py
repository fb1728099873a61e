"""A danger told with a question: what is answered first; and what is said after a danger."""

import pytest

from bot.cli.ask import CRISIS_LABEL

# A danger that gives the reason for a question: the question is answered, and help named.
REASONS = [
    "una pandilla me amenaza, puedo pedir asilo?",
    "me amenazó la mara, califico para asilo en estados unidos",
    "me quieren matar y quiero pedir refugio en méxico, cómo hago",
    "mi esposo me pega, puedo pedir visa u?",
    "a gang threatens me, can i ask for asylum?",
    "uma facção me ameaça, posso pedir asilo?",
    "un gang me menace, puis-je demander l'asile ?",
    "gang menase m, èske m ka mande azil?",
]
# A danger that is here now, or from which nobody gets out alone: that comes first.
NOW = [
    "hay unos mareros afuera de mi casa con pistolas, puedo pedir asilo?",
    "me tienen secuestrada, puedo pedir asilo?",
    "mi esposo me está pegando ahorita, ayuda",
    "quiero morirme, me negaron el asilo",
    "men with guns are outside my door, can i get asylum?",
    "tem homem armado no portão, posso pedir asilo?",
    "des hommes armés sont devant la porte, je peux demander l'asile ?",
    "gen nèg ak zam devan pòt la, èske m ka mande azil?",
]
WORDS = ("PELIGRO", "DANGER", "PERIGO", "DANJE")


@pytest.mark.parametrize("text", REASONS)
async def test_a_question_asked_because_of_a_danger_is_answered_and_help_is_named(phone, text):
    one = phone()
    said = await one.answer(text)
    assert not said["crisis"]
    assert said["label"] != CRISIS_LABEL
    assert any(word in said["replies"][-1]["text"] for word in WORDS)


@pytest.mark.parametrize("text", NOW)
async def test_a_danger_that_is_here_now_comes_before_the_question(phone, text):
    said = await phone().answer(text)
    assert said["crisis"]
    assert said["label"] == CRISIS_LABEL


async def test_after_a_crisis_thanks_are_no_small_talk_and_the_country_is_still_waited_for(phone):
    person = phone("sms")
    await person.say("me siguen y me van a matar")
    assert "Sigo aquí" in await person.say("gracias")
    assert "911" in await person.say("estoy en honduras")
    assert "Sigo aquí" in await person.say("ya se fueron")


async def test_what_is_said_after_a_crisis_in_a_guide_is_about_the_crisis(phone):
    person = phone("sms")
    await person.say("que camino tengo")
    await person.say("me siguen y me van a matar")
    assert "Sigo aquí" in await person.say("si")
    assert "110" in await person.say("estoy en guatemala")
    assert "Sigo aquí" in await person.say("no")
    assert "¿De qué país sos?" in await person.say("seguir")
    assert "años" in await person.say("honduras")
