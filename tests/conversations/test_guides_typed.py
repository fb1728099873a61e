"""Answers in a guided conversation as people type them, and what is no answer."""


async def test_an_answer_that_is_no_answer_is_asked_again(phone):
    person = phone("sms")
    await person.say("es un engaño")
    text = await person.say("pues quizas")
    assert text.startswith("No te entendí")
    assert "¿Qué te ofrecen?" in text


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


async def test_the_first_word_tells_the_language(phone):
    person = phone("sms")
    assert "offering" in await person.say("is this a scam")
    assert "money" in await person.say("visa")


async def test_numbers_in_words_and_thumbs_are_answers(phone):
    person = phone("sms")
    await person.say("es un engaño")
    assert "dinero antes" in await person.say("dos")
    assert "seguro" in await person.say("👍")
    assert "apuran" in await person.say("👎")
