"""How the crisis rules read single words and numbers."""

import pytest

from tests.unit.crisis_rules import LANGUAGES, RULES


@pytest.mark.parametrize(
    ("language", "word", "sign"),
    [
        ("fr", "avec", "avc"),
        ("fr", "pays", "payer"),
        ("fr", "au", "eau"),
        ("es", "pero", "perro"),
        ("ht", "gen", "jenn"),
        ("en", "look", "lock"),
    ],
)
def test_a_common_word_is_no_misspelling_of_a_sign(language, word, sign):
    (meant,) = RULES.languages[language].lexicon.meant(word)
    assert sign not in meant.atoms


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("age", ["22", "33", "44", "55", "100", "110"])
def test_digits_are_read_as_written(language, age):
    (meant,) = RULES.languages[language].lexicon.meant(age)
    assert meant.atoms <= {age}


def test_a_starred_number_is_a_year_and_no_span_of_time():
    assert RULES.find("they kidnapped my brother in 2016") is None
    assert RULES.find("they kidnapped my brother in 20 minutes they cut his finger") is not None
