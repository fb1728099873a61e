"""Words that are commands, in every language: menu, my data, erase, quick exit, safe word."""

import pytest

from bot.content.files import read_content
from bot.settings import ROOT

WORDS = read_content(ROOT).words
LANGUAGES = ("es", "en", "pt", "fr", "ht")


def word(language, command):
    return WORDS[language][command][0]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_command_does_its_work(phone, language):
    person = phone("telegram", lang=language)
    await person.say(word(language, "menu"))
    assert len(person.buttons) == 8
    assert "30" in await person.say(word(language, "my_data"))
    assert "911" in await person.say(word(language, "safe"))
    assert person.buttons == []
    text = await person.say(word(language, "exit"))
    assert "911" not in text
    await person.say(word(language, "erase"))
    assert len(person.buttons) == 2
    assert await person.say(word(language, "no")) == await person.say(
        word(language, "erase"), word(language, "no")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_command(language):
    assert set(WORDS[language]) >= set(WORDS["es"])


def test_no_word_means_two_things():
    from bot.commands import recognise
    from bot.consent import recognise as consent

    for language, commands in WORDS.items():
        for command, words in commands.items():
            for said in words:
                found = consent(
                    said,
                    {k: [w for each in WORDS.values() for w in each[k]] for k in ("stop", "start")},
                )
                assert (found or recognise(said, WORDS)) == command, (language, command, said)


async def test_a_typed_yes_confirms_the_erasure(phone):
    person = phone("sms")
    await person.say("hola", "borrar")
    assert "borrado" in await person.say("si")


async def test_the_safe_word_helps_in_the_middle_of_anything(phone):
    person = phone("whatsapp")
    await person.say("quiz")
    assert "1572" in await person.say("Mariposa")
    assert (await person.say("seguir")).startswith("«")


async def test_a_location_leads_to_lines_and_is_not_kept(phone):
    person = phone("whatsapp")
    assert "110" in await person.say({"location": [13.31, -87.19]})
    assert "13.31" not in person.kept()


async def test_feedback_by_button_and_by_thumb(phone):
    person = phone("telegram")
    await person.say("como pido refugio en mexico con la comar")
    assert person.buttons[-2:] == ["👍 Me sirvió", "👎 No me sirvió"]
    assert "Gracias" in await person.say("👍🏽")
    await person.say("👎")
    assert "Gracias" in await person.tap("Está equivocado")


async def test_languages_are_offered_under_their_own_names(phone):
    person = phone("telegram")
    await person.say("menu")
    await person.tap("Idioma / Language")
    assert {"English", "Português", "Français", "Kreyòl"} <= set(person.buttons)
    assert "English" in await person.tap("English")


async def test_a_stop_word_inside_a_question_that_is_answered_is_no_stop(phone):
    someone = phone(channel="telegram", country="GT")
    said = await someone.say("si soy menor de edad me pueden detener")
    assert "consulado" in said
    assert "PARAR" not in said
