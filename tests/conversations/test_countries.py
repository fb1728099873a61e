"""Where a person is, told in passing, and what is said for it."""


async def test_another_country_gives_the_last_answer_for_it(phone):
    person = phone("whatsapp", country="GT")
    assert "1555" in await person.say("a quien llamo si me roban")
    assert "089" in await person.say("ya pase a mexico")


async def test_a_department_tells_the_country(phone):
    person = phone("sms")
    assert "Guatemala" in await person.say("lineas de ayuda", "estoy en huehue")
