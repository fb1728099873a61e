"""Which language a person is answered in."""

import pytest

from bot.identify import OURS, Known, decide, divide, requested, telling

NAMES = {
    "en": {"english", "ingles"},
    "es": {"espanol", "español", "spanish"},
    "ht": {"kreyol", "creole"},
    "quc": {"k iche", "quiche"},
}
AROUND = (
    *("an", "en", "in", "habla", "hablan", "hola", "i", "no", "por", "favor", "please"),
    *("speak", "usted", "mejor", "pale"),
)


def shares(name, share):
    rest = (1 - share) / (len(OURS) - 1)
    return {code: share if code == name else rest for code in OURS}


@pytest.mark.parametrize(
    ("what", "found", "words", "known", "expected"),
    [
        ("nothing known, nothing said", {}, 0, Known(), "es"),
        ("the channel's hint", {}, 0, Known(hint="fr-CA"), "fr"),
        ("a hint that is none of ours", {}, 0, Known(hint="de"), "es"),
        ("a first greeting", shares("ht", 0.9), 1, Known(), "ht"),
        ("a first message against the hint", shares("en", 0.95), 4, Known(hint="es"), "en"),
        ("doubt goes with the hint", shares("pt", 0.5), 2, Known(hint="es"), "es"),
        ("one word never flips", shares("en", 0.999), 1, Known("es"), "es"),
        ("a sentence flips", shares("en", 0.95), 4, Known("es"), "en"),
        ("doubt does not flip", shares("pt", 0.7), 6, Known("es"), "es"),
        ("a chosen language stays", shares("es", 0.95), 6, Known("en", chosen=True), "en"),
        ("unless there is no doubt", shares("es", 0.99), 4, Known("en", chosen=True), "es"),
        ("and enough is said", shares("es", 0.99), 3, Known("en", chosen=True), "en"),
        ("a language we do not speak", shares("es", 0.9), 3, Known("xx"), "es"),
    ],
)
def test_decide(what, found, words, known, expected):
    assert decide(found, words, known).name == expected, what


def test_a_clear_other_language_is_named():
    found = {"es": 0.05, "en": 0.05, "kek": 0.9}
    assert divide(found, 3) == ({"es": 0.5, "en": 0.5}, "kek")
    assert divide(found, 2)[1] is None
    assert divide({"es": 0.5, "kek": 0.5}, 9)[1] is None
    assert divide({}, 0) == ({}, None)


def test_neutral_words_tell_nothing():
    assert telling("ok 2024 https://uscis.gov/es no gracias", {"ok", "no"}) == ["gracias"]
    assert telling("j'ai peur", set()) == ["j'ai", "peur"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("English please", "en"),
        ("¿habla inglés?", "en"),
        ("an kreyòl", "ht"),
        ("no hablo español, english", "en"),
        ("hablan k'iche'", "quc"),
        ("hola, en español por favor", "es"),
        ("clases de ingles para mis hijos", None),
        ("necesito un traductor de ingles para la corte", None),
        ("buenos dias", None),
        ("", None),
    ],
)
def test_requested(text, expected):
    assert requested(text, NAMES, AROUND) == expected
