"""Guided conversations that are interrupted, left, abandoned for a day, and resumed."""

import pytest

from tests import guided


@pytest.mark.parametrize("channel", guided.CHANNELS)
async def test_a_question_in_the_middle_is_answered_and_the_person_goes_on(phone, channel):
    person = phone(channel)
    await person.say("es un engaño", "1")
    text = await person.say("como pido refugio en mexico con la comar")
    assert "COMAR" in text
    assert "Seguir" in person.buttons
    assert "¿Te piden dinero" in await person.say("seguir")
    assert "seguro" in await person.say("si")


async def test_a_yes_after_a_question_in_the_middle_leads_back(phone):
    person = phone("sms")
    await person.say("es un engaño", "1", "como pido refugio en mexico con la comar")
    assert "dinero antes" in await person.say("si")
    assert "seguro" in await person.say("si")


async def test_a_crisis_in_the_middle_is_answered_first_and_the_person_can_go_on(phone):
    person = phone(country="HN")
    await person.say("es un engaño", "1")
    assert "911" in await person.say("me tienen secuestrado ayuda")
    assert "¿Te piden dinero" in await person.say("seguir")


async def test_a_voice_note_or_a_location_in_the_middle_does_not_lose_the_question(phone):
    person = phone("whatsapp")
    await person.say("no se de alguien", "1")
    assert "¿De qué país es?" in await person.say({"voice": True})
    assert "911" in await person.say({"location": [13.30, -87.19]})
    assert person.buttons[0] == "Seguir"
    assert "¿De qué país es?" in await person.tap("Seguir")


@pytest.mark.parametrize(
    ("lang", "word", "said"), [("es", "salir", "No guardé"), ("en", "leave", "kept none")]
)
async def test_leaving_at_any_time(phone, lang, word, said):
    person = phone("sms", lang=lang)
    await person.say("quiz", "1")
    assert said in await person.say(word)
    assert "a medias" in await person.say("seguir") if lang == "es" else True


async def test_the_menu_ends_it_too(phone):
    person = phone("telegram")
    await person.say("quiz", "menu")
    assert "a medias" in await person.say("seguir")


async def test_after_a_day_of_silence_it_is_over(phone):
    person = phone()
    await person.say("quiz", "mito", {"wait_hours": 25})
    assert "a medias" in await person.say("seguir")


async def test_within_the_day_it_goes_on(phone):
    person = phone()
    await person.say("es un engaño", "1", {"wait_hours": 20})
    assert "seguro" in await person.say("si")


async def test_nothing_of_the_answers_is_kept_after_the_end(phone):
    person = phone("telegram")
    await person.say("mis opciones")
    await person.tap("Nicaragua", "De 18 a 20", "México", "No", "No")
    assert "young" in person.kept()
    await person.tap("Sí")
    kept = person.kept()
    for trace in ("young", "path.origin", "De 18 a 20", "path.fear"):
        assert trace not in kept, trace
    assert "COMAR" in await person.tap("Refugio en México")


@pytest.mark.parametrize("guide", guided.WALKS)
@pytest.mark.parametrize("language", guided.LANGUAGES)
@pytest.mark.parametrize("channel", guided.CHANNELS)
async def test_each_is_left_begun_anew_interrupted_and_finished(phone, channel, language, guide):
    person = phone(channel)
    for text, expected in guided.steps(guide, language):
        said = await person.say(text)
        assert guided.contains(said, expected), (text, expected, said)


@pytest.mark.parametrize("guide", guided.WALKS)
async def test_each_is_abandoned_for_a_day_and_forgotten(phone, guide):
    person = phone("sms")
    turns = guided.steps(guide, "es")
    await person.say(*(text for text, _ in turns[3:5]), {"wait_hours": 25})
    resume, nothing = turns[2]
    assert guided.contains(await person.say(resume), nothing)
    assert '"answers"' not in person.kept()
