"""Which language a message is in, and what is asked about languages."""

import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.pipeline.language import WRITTEN, LanguageIdentifier
from bot.pipeline.topics import set_intent


@pytest.fixture(scope="module")
def identifier(trained):
    return trained(LanguageIdentifier)


def read(identifier, text, **known):
    return identifier.process([Message({TEXT: text, "metadata": known})])[0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("xq no me contestan el telefono", "es"),
        ("HOLA BUENAS TARDES", "es"),
        ("hello", "en"),
        ("my daughter is alone at the border", "en"),
        ("minha filha está sozinha na fronteira", "pt"),
        ("vcs podem me ajudar", "pt"),
        ("ma fille est seule à la frontière", "fr"),
        ("jai besoin daide svp", "fr"),
        ("pitit fi mwen poukont li sou fwontyè a", "ht"),
        ("map chache yon avoka", "ht"),
        ("bonjou", "ht"),
        ("bonjour", "fr"),
    ],
)
def test_a_first_message(identifier, text, language):
    message = read(identifier, text)
    assert message.get("language")["name"] == language
    [entity] = message.get(ENTITIES)
    assert (entity["entity"], entity["value"]) == ("language", language)


@pytest.mark.parametrize(
    "text", ["ok", "no", "si", "Hola", "thanks", "2024", "Honduras", "visa", "TPS", "👍", "bye"]
)
@pytest.mark.parametrize("language", ["es", "en", "ht"])
def test_small_words_never_flip(identifier, text, language):
    assert read(identifier, text, language=language).get("language")["name"] == language


def test_a_sentence_flips_what_nobody_chose(identifier):
    text = "where can i find a lawyer for my husband"
    assert read(identifier, text, language="es").get("language")["name"] == "en"


def test_a_choice_outweighs_a_short_message(identifier):
    known = {"language": "en", "language_chosen": True}
    message = read(identifier, "necesito ayuda", **known)
    assert message.get("language")["name"] == "en"
    assert message.get(WRITTEN) == "es"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("english please", "en"),
        ("Habla inglés?", "en"),
        ("do you speak spanish", "es"),
        ("an kreyòl", "ht"),
        ("èske nou pale kreyòl", "ht"),
        ("en français svp", "fr"),
        ("parlez-vous français ?", "fr"),
        ("português por favor", "pt"),
        ("vocês falam português?", "pt"),
        ("no hablo ingles, español", "es"),
    ],
)
def test_a_request_for_a_language(identifier, text, language):
    message = read(identifier, text, language="es")
    assert message.get(INTENT)["name"] == "choose_language"
    assert message.get("language")["name"] == language


def test_a_question_about_english_is_no_request(identifier):
    message = read(identifier, "tengo que saber ingles para la visa de trabajo en canada")
    assert not (message.get(INTENT) or {}).get("name")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hablan q'eqchi'?", "kek"),
        ("habla mam", "mam"),
        ("k'iche'", "quc"),
        ("idioma garifuna", "cab"),
        ("miskito", "miq"),
        ("chijunil ri winaq k'o ya'tal chech", "quc"),
    ],
)
def test_a_language_we_do_not_speak_is_recognised(identifier, text, code):
    message = read(identifier, text, language="es")
    assert message.get("language_other") == code
    assert message.get("language")["name"] == "es"


def test_what_is_decided_keeps_its_language(identifier):
    message = Message({TEXT: "/x", "metadata": {"language": "pt"}})
    set_intent(message, "choose_language")
    message.set(ENTITIES, [{"entity": "language", "value": "ht"}])
    assert [e["value"] for e in identifier.process([message])[0].get(ENTITIES)] == ["ht"]


def test_nothing_to_read(identifier):
    message = identifier.process([Message({TEXT: ""})])[0]
    assert message.get("language") == {"name": "es", "confidence": 0.5}
