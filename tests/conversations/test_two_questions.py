"""Two questions in one message: the first is answered, the second offered by name."""

import pytest


@pytest.mark.parametrize(
    ("text", "answered", "offered"),
    [
        (
            "¿Cómo renuevo el DACA? ¿Y cómo funciona la lotería de visas?",
            "DACA",
            "Lotería de visas",
        ),
        (
            "how do i renew my daca and also how does the green card lottery work",
            "DACA",
            "Visa lottery",
        ),
    ],
)
async def test_the_second_question_is_offered(phone, text, answered, offered):
    person = phone()
    said = await person.say(text)
    assert answered in said
    assert offered in person.buttons


async def test_the_second_question_waits_for_the_country(phone):
    person = phone()
    await person.say("¿A qué número llamo si necesito ayuda? ¿Cómo renuevo el DACA?")
    await person.tap("Honduras")
    assert "DACA" in person.buttons


async def test_one_question_offers_what_it_leads_to(phone):
    person = phone()
    await person.say("¿Cómo renuevo el DACA?")
    assert "Lotería de visas" not in person.buttons
