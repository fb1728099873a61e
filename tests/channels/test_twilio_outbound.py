"""What we send through Twilio, as a table."""

import json

import pytest

from bot.messages import Choice, Location, Media, OutboundMessage
from channels.errors import Blocked
from tests.channels.harness import (
    BASE_URL,
    CONTENTS,
    PHONE,
    SERVICE,
    Outgoing,
    sms,
    whatsapp,
)

CREATE = "messages.create"
YES_NO = (Choice("Sí", "m:yes"), Choice("No", "m:no"))


def many(count):
    return tuple(Choice(f"Opción {n}", f"m:{n}") for n in range(1, count + 1))


SMS = [
    Outgoing("plain text", OutboundMessage("Hola"), [(CREATE, {"To": PHONE, "MessagingServiceSid": SERVICE, "Body": "Hola", "StatusCallback": f"{BASE_URL}/webhooks/sms/status"})]),
    Outgoing("nothing to say", OutboundMessage()),
    Outgoing("paragraphs stay together", OutboundMessage("Uno.\n\nDos."), [(CREATE, {"Body": "Uno.\n\nDos."})]),
    Outgoing("marks go", OutboundMessage("**Importante**: _hoy_"), [(CREATE, {"Body": "Importante: hoy"})]),
    Outgoing("a cheap alphabet keeps ñ", OutboundMessage("¿Dónde está la niña?", alphabet="gsm"), [(CREATE, {"Body": "¿Donde esta la niña?"})]),
    Outgoing("choices are numbered", OutboundMessage("¿Seguimos?", YES_NO), [(CREATE, {"Body": "¿Seguimos?\n1. Sí\n2. No"})]),
    Outgoing("a picture is a link", OutboundMessage("Cartel", media=(Media("image", "https://e.org/c.jpg", "Horario"),)), [(CREATE, {"Body": "Cartel\nHorario: https://e.org/c.jpg"})]),
    Outgoing("a link choice has no number", OutboundMessage("Más", (Choice("Guía", "", url="https://e.org"), *YES_NO)), [(CREATE, {"Body": "Más\nGuía: https://e.org\n1. Sí\n2. No"})]),
]  # fmt: skip

WHATSAPP = [
    Outgoing("plain text", OutboundMessage("Hola **ya**"), [(CREATE, {"To": f"whatsapp:{PHONE}", "From": "whatsapp:+14155550100", "Body": "Hola *ya*"})]),
    Outgoing("two buttons", OutboundMessage("¿Seguimos?", YES_NO), [(CREATE, {"ContentSid": CONTENTS["quick_reply_2"]})]),
    Outgoing("ten in a list", OutboundMessage("Elige", many(10)), [(CREATE, {"ContentSid": CONTENTS["list_picker_10"]})]),
    Outgoing("a long title goes into a list with its whole text", OutboundMessage("Elige", (Choice("Hablar con alguien de confianza ahora", "m:1"),)), [(CREATE, {"ContentSid": CONTENTS["list_picker_1_described"]})]),
    Outgoing("long text goes first", OutboundMessage("x" * 1100, YES_NO), [(CREATE, {"Body": "x" * 1100}), (CREATE, {"ContentSid": CONTENTS["quick_reply_2"]})]),
    Outgoing("the first picture has the text", OutboundMessage("Fotos", media=(Media("image", "https://e/1"), Media("image", "https://e/2"))), [(CREATE, {"Body": "Fotos", "MediaUrl": ["https://e/1"]}), (CREATE, {"MediaUrl": ["https://e/2"]})]),
    Outgoing("a voice note has no caption", OutboundMessage("Oye", media=(Media("voice", "https://e/v.ogg"),)), [(CREATE, {"Body": "Oye"}), (CREATE, {"MediaUrl": ["https://e/v.ogg"]})]),
    Outgoing("a place", OutboundMessage("Aquí", location=Location(18.5, -72.3, "Oficina")), [(CREATE, {"Body": "Aquí", "PersistentAction": ["geo:18.5,-72.3|Oficina"]})]),
]  # fmt: skip


def check(channel, case):
    calls = channel.encode(PHONE, case.message)
    assert len(calls) == len(case.calls)
    for call, (method, params) in zip(calls, case.calls, strict=True):
        assert call.method == method
        assert {name: call.params.get(name) for name in params} == params
        assert not ("ContentSid" in call.params and {"Body", "MediaUrl"} & set(call.params))


@pytest.mark.parametrize("case", SMS, ids=lambda case: case.label)
def test_sms(case):
    check(sms(), case)


@pytest.mark.parametrize("case", WHATSAPP, ids=lambda case: case.label)
def test_whatsapp(case):
    check(whatsapp(), case)


def words(message, **limits):
    return json.loads(whatsapp(**limits).encode(PHONE, message)[-1].params["ContentVariables"])


def test_eleven_choices_are_nine_and_the_way_to_the_rest():
    given = words(OutboundMessage("Elige", many(11), more_title="Más…"))
    assert (given["21"], given["22"]) == ("Más…", "more:9")


def test_no_two_titles_are_equal():
    given = words(OutboundMessage("Elige", (Choice("Clase", "m:1"), Choice("Clase", "m:2"))))
    assert (given["2"], given["4"]) == ("Clase", "Clase (2)")


def test_no_variable_is_empty():
    given = words(OutboundMessage("", (Choice("x" * 30, "m:1", ""), Choice("b", "m:2"))))
    assert all(given.values())


def test_choices_are_numbered_while_nothing_is_set_up_at_twilio():
    (call,) = whatsapp(contents={}).encode(PHONE, OutboundMessage("¿Sí?", YES_NO))
    assert call.params["Body"] == "¿Sí?\n1. Sí\n2. No"


def test_a_template_is_sent_in_the_persons_language_or_not_at_all():
    channel = whatsapp(templates={"reminder": {"es": "HX9"}})
    values = {"1": "a\nb\tc     d"}
    (call,) = channel.encode(PHONE, OutboundMessage(template="reminder", template_values=values))
    assert call.params["ContentSid"] == "HX9"
    assert json.loads(call.params["ContentVariables"]) == {"1": "a b c   d"}
    with pytest.raises(Blocked, match="template_missing"):
        channel.encode(PHONE, OutboundMessage(template="reminder", language="ht"))
    with pytest.raises(Blocked, match="template_variable_empty"):
        channel.encode(PHONE, OutboundMessage(template="reminder", template_values={"1": " "}))


def test_a_long_sms_is_counted():
    bodies = [c.params["Body"] for c in sms().encode(PHONE, OutboundMessage("Una frase. " * 300))]
    assert len(bodies) == 3
    assert all(len(body) <= 1600 for body in bodies)
    assert bodies[0].endswith("frase. (1/3)")
