"""Guided conversations held to their end: what each asks, and what it says then."""

import pytest

from tests.guided import CHANNELS


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_scam_check_finishes_by_taps(phone, channel):
    person = phone(channel)
    await person.say("es un engaño")
    await person.tap("Un trabajo", "Sí", "Sí", "No", "No")
    text = await person.tap("No")
    assert "varias señales" in text
    assert "Te cobran antes." in text
    assert "1511" in text


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_scam_check_finishes_by_numbers_and_words_in_english(phone, channel):
    person = phone(channel, lang="en")
    await person.say("is this a scam", "1", "nope", "no", "not sure", "2")
    text = await person.say("yes")
    assert "no clear signs" in text
    assert "By phone" not in text


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_pathway_finder_asks_only_what_it_does_not_know(phone, channel):
    person = phone(channel, country="HN")
    text = await person.say("mis opciones")
    assert "¿Cuántos años tenés?" in text
    await person.say("tengo 25 años", "si", "si")
    text = await person.say("no")
    assert "vale la pena" in text
    assert {"Petición familiar", "Visa de trabajo H-2"} <= set(person.buttons)


async def test_none_of_the_ways_is_said_honestly(phone):
    person = phone(country="HN")
    await person.say("mis opciones", "16", "no", "no")
    assert "ninguno de los caminos" in await person.say("no")
    assert "Ayuda legal" in person.buttons


@pytest.mark.parametrize("channel", CHANNELS)
async def test_for_a_lost_child_the_child_lines_come_first(phone, channel):
    person = phone(channel)
    await person.say("no se de alguien", "1", "guatemala", "no se")
    text = await person.say("no")
    assert text.index("1546") < text.index("1555") if "1555" in text else "1546" in text
    assert "No mandés dinero" not in text


async def test_who_asks_for_money_for_a_missing_person_is_answered_first(phone):
    person = phone("telegram")
    await person.say("no se de alguien")
    await person.tap("Persona adulta", "Honduras", "En el desierto")
    text = await person.tap("Sí")
    assert text.startswith("No mandés dinero")
    assert "520-585-5881" in text


async def test_the_country_of_a_missing_relative_is_not_taken_for_the_persons_own(phone):
    person = phone(country="US")
    await person.say("no se de alguien", "persona adulta", "honduras", "en el camino", "no")
    assert '"value": "HN"' not in person.kept()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_quiz_explains_each_answer_and_counts(phone, channel):
    person = phone(channel)
    await person.say("quiz")
    for _ in range(4):
        text = await person.say("mito")
        assert "Es mito" in text.replace("*", "") or "Es verdad" in text.replace("*", "")
    text = await person.say("mito")
    assert "de 5" in text
    assert "¿Verdad o mito?" in person.buttons


@pytest.mark.parametrize(
    ("lang", "start", "yes"),
    [("pt", "é golpe", "sim"), ("fr", "c'est une arnaque", "oui"), ("ht", "se twonpri", "wi")],
)
async def test_warning_signs_are_named_in_the_other_languages(phone, lang, start, yes):
    person = phone("whatsapp", lang=lang)
    await person.say(start, "1", yes, yes, yes, yes)
    text = await person.say("2")
    assert text.count("\n- ") >= 4
