"""Messages as people type them, and what a model gets to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gloss import gloss, read_glosses
from bot.normalise import Normaliser, tidy
from bot.reading import Reader

ABBREVIATIONS = {"es": {"xq": "porque", "q": "que", "toy": "estoy"}, "fr": {"q": "quelque"}}
EMOJI = {"🆘": "ayuda", "👨‍👩‍👧": "familia", "👮": "policía"}
PHRASES = [
    ("necesito sacar el pasaporte de mi hijo", "es"),
    ("cuánto cuesta la visa de trabajo en el consulado", "es"),
    ("el coyote no contesta el teléfono", "es"),
    ("no se puede trabajar sin permiso", "es"),
    ("la migración me detuvo ayer en la frontera", "es"),
    ("i need a work permit", "en"),
] * 5


@pytest.fixture(scope="module")
def normalise():
    return Normaliser.learn(ABBREVIATIONS, EMOJI, PHRASES)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("HOLAAAAA", "hola"),
        ("vi\u200bsa", "visa"),
        ("pasaporte\ufe0f  y\tvisa", "pasaporte y visa"),
        ("ﬁrma", "firma"),
        ("año 2000", "año 2000"),
        ("", ""),
    ],
)
def test_tidy(typed, read):
    assert tidy(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("xq toy aqui", "porque estoy aqui"),
        ("TELEFONO", "teléfono"),
        ("migracion", "migración"),
        ("el kollote", "el coyote"),
        ("el pazaporte", "el pasaporte"),
        ("nesesito la bisa", "necesito la visa"),
        ("pasaprote", "pasaporte"),
        ("trabahar", "trabajar"),
        ("nosepuede", "nosepuede"),
        ("consuladoy", "consuladoy"),
        ("trabajopasaporte", "trabajo pasaporte"),
        ("🆘🆘", "ayuda ayuda"),
        ("👨‍👩‍👧", "familia"),
        ("👮🏽", "policía"),
        ("permit", "permit"),
        ("tiene 17 años?", "tiene 17 años ?"),
    ],
)
def test_spanish(normalise, typed, read):
    assert normalise(typed, "es") == read


def test_a_typed_accent_was_meant(normalise):
    assert normalise("pasaporté", "es") == "pasaporté"


def test_abbreviations_belong_to_a_language(normalise):
    assert normalise("q", "fr") == "quelque"
    assert normalise("q", "pt") == "q"


def test_words_of_the_phrases_are_never_touched(normalise):
    for text, language in PHRASES:
        assert normalise(text, language) == tidy(text)


def test_it_survives_being_saved(normalise):
    again = Normaliser(**normalise.as_data())
    assert again("xq nesesito la bisa 🆘", "es") == normalise("xq nesesito la bisa 🆘", "es")


@given(st.text(max_size=60), st.sampled_from(["es", "en", "ht", "xx"]))
def test_anything_can_be_read(text, language):
    Normaliser.learn(ABBREVIATIONS, EMOJI, PHRASES)(text, language)
    assert tidy(tidy(text)) == tidy(text)


def test_a_language_unknown_to_the_encoder_is_glossed():
    glosses = {"ht": read_glosses(["# words", "mwen = je, bezwen = besoin", "èd = aide"])}
    read = Reader.learn({}, {}, glosses, PHRASES)
    assert read("Mwen bezwen ed!", "ht").meaning == "je besoin aide !"
    assert "bezwen" in read("Mwen bezwen ed!", "ht").spelling
    assert read("mwen", "es").meaning == "mwen"
    assert Reader.from_data(read.as_data())("bezwen", "ht") == read("bezwen", "ht")


def test_a_gloss_is_found_without_accents():
    assert gloss("mesi anpil", read_glosses(["mèsi = merci, anpil = beaucoup"])) == "merci beaucoup"
