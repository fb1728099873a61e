"""Guided conversations held from end to end: finished, interrupted, left, abandoned, resumed."""

import pytest

from bot.messages import InboundMessage
from tests import guided

CHANNELS = ("whatsapp", "sms", "telegram")


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


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_question_in_the_middle_is_answered_and_the_person_goes_on(phone, channel):
    person = phone(channel)
    await person.say("es un engaño", "1")
    text = await person.say("como pido refugio en mexico con la comar")
    assert "COMAR" in text
    assert "Seguir" in person.buttons
    assert "¿Te piden dinero" in await person.say("seguir")
    assert "seguro" in await person.say("si")


async def test_a_crisis_in_the_middle_is_answered_first_and_the_person_can_go_on(phone):
    person = phone(country="HN")
    await person.say("es un engaño", "1")
    assert "911" in await person.say("me tienen secuestrado ayuda")
    assert "¿Te piden dinero" in await person.say("seguir")


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


async def test_an_answer_that_is_no_answer_is_asked_again(phone):
    person = phone("sms")
    await person.say("es un engaño")
    text = await person.say("pues quizas")
    assert text.startswith("No te entendí")
    assert "¿Qué te ofrecen?" in text


@pytest.mark.parametrize("guide", guided.WALKS)
@pytest.mark.parametrize("language", guided.LANGUAGES)
@pytest.mark.parametrize("channel", CHANNELS)
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


@pytest.mark.parametrize(
    ("lang", "start", "yes"),
    [("pt", "é golpe", "sim"), ("fr", "c'est une arnaque", "oui"), ("ht", "se twonpri", "wi")],
)
async def test_warning_signs_are_named_in_the_other_languages(phone, lang, start, yes):
    person = phone("whatsapp", lang=lang)
    await person.say(start, "1", yes, yes, yes, yes)
    text = await person.say("2")
    assert text.count("\n- ") >= 4


# -- what came of conversations held by hand ------------------------------------------------------


async def test_answers_are_typed_as_people_say_them(phone):
    person = phone("whatsapp")
    await person.say("es un engaño", "trabajo", "no, ella paga todo", "no")
    assert "documentos" in await person.say("si que no le diga a mi mama")
    await person.say("si")
    text = await person.say("no")
    assert "Te apuran o te piden callar." in text
    assert "Te cobran antes." not in text


async def test_a_child_is_told_in_any_words(phone):
    person = phone("sms")
    await person.say("no se de alguien", "es menor")
    assert "supiste" in await person.say("el salvador")
    assert "dinero" in await person.say("la detuvieron")


async def test_a_country_in_the_middle_is_not_taken_for_the_persons_own(phone):
    person = phone("sms", country="HN")
    await person.say("no se de alguien", "mayor de edad", "1")
    assert "dinero" in await person.say("en mexico")
    assert '"value": "MX"' not in person.kept()


async def test_a_country_we_know_little_of_is_another_country(phone):
    person = phone("telegram", lang="ht")
    await person.say("ki chemen pou mwen")
    assert "laj" in await person.say("Ayiti")


async def test_what_nobody_can_answer_does_not_end_the_quiz(phone):
    person = phone("telegram")
    await person.say("quiz")
    assert "«" in await person.say("quien gano el partido de ayer")
    assert "Es " in await person.say("mentira")


async def test_a_yes_after_a_question_in_the_middle_leads_back(phone):
    person = phone("sms")
    await person.say("es un engaño", "1", "como pido refugio en mexico con la comar")
    assert "dinero antes" in await person.say("si")
    assert "seguro" in await person.say("si")


async def test_the_first_word_tells_the_language(phone):
    person = phone("sms")
    assert "offering" in await person.say("is this a scam")
    assert "money" in await person.say("visa")


async def test_yes_and_no_answer_what_was_asked_back(phone):
    person = phone("sms")
    await person.say("mi nieta quiere irse")
    if len(person.buttons) == 3:  # one topic, the pathway finder, none of these
        topic = person.buttons[0]
        assert topic not in await person.say("si")
    await person.say("mi nieta quiere irse")
    assert "otras palabras" in await person.say("no")


async def test_a_number_that_is_not_in_the_list_shows_the_list_again(phone):
    person = phone("sms")
    await person.say("menu")
    offered = list(person.buttons)
    assert "no está en la lista" in await person.say("12")
    assert person.buttons == offered
    assert "ya es vieja" in await person.say({"wait_hours": 30}, "1")
    assert person.buttons == offered
    assert "camino" in await person.say("1")


async def test_what_did_not_fit_is_offered_in_the_persons_language(assistant, phone):
    person = phone("whatsapp", lang="en")
    await person.say("menu")
    talk = person._talk
    tap = InboundMessage("whatsapp", talk._person, "more", kind="choice", payload="more:3")
    (rest,) = (await assistant.handle(tap, talk.state)).replies
    assert rest.text == guided.RELEASE.phrase("choose", "en")
    assert [choice.title for choice in rest.choices] == person.buttons[3:]


async def test_after_a_crisis_thanks_are_no_small_talk_and_the_country_is_still_waited_for(phone):
    person = phone("sms")
    await person.say("me siguen y me van a matar")
    assert "Sigo aquí" in await person.say("gracias")
    assert "911" in await person.say("estoy en honduras")
    assert "Sigo aquí" in await person.say("ya se fueron")


async def test_another_country_gives_the_last_answer_for_it(phone):
    person = phone("whatsapp", country="GT")
    assert "1555" in await person.say("a quien llamo si me roban")
    assert "089" in await person.say("ya pase a mexico")


async def test_numbers_in_words_and_thumbs_are_answers(phone):
    person = phone("sms")
    await person.say("es un engaño")
    assert "dinero antes" in await person.say("dos")
    assert "seguro" in await person.say("👍")
    assert "apuran" in await person.say("👎")


async def test_a_voice_note_or_a_location_in_the_middle_does_not_lose_the_question(phone):
    person = phone("whatsapp")
    await person.say("no se de alguien", "1")
    assert "¿De qué país es?" in await person.say({"voice": True})
    assert "911" in await person.say({"location": [13.30, -87.19]})
    assert person.buttons[0] == "Seguir"
    assert "¿De qué país es?" in await person.tap("Seguir")


async def test_a_department_tells_the_country(phone):
    person = phone("sms")
    assert "Guatemala" in await person.say("lineas de ayuda", "estoy en huehue")


async def test_what_is_said_after_a_crisis_in_a_guide_is_about_the_crisis(phone):
    person = phone("sms")
    await person.say("que camino tengo")
    await person.say("me siguen y me van a matar")
    assert "Sigo aquí" in await person.say("si")
    assert "110" in await person.say("estoy en guatemala")
    assert "Sigo aquí" in await person.say("no")
    assert "¿De qué país sos?" in await person.say("seguir")
    assert "años" in await person.say("honduras")
