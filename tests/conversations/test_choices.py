"""What is offered to choose from: chosen by word or number, shown again, or in several parts."""

from bot.messages import InboundMessage
from tests import guided


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
