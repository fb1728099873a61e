"""Whether danger is heard, however it is told, and everything else left in peace."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.crisis import Hit
from tests import counting
from tests.unit.crisis_rules import DATA, LANGUAGES, RULES


def told(language: str, crisis: bool, how: str) -> list[str]:
    lines = (DATA / "tests" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    return [c["text"] for c in cases if c["crisis"] is crisis and c["told"] == how]


def missed(texts: list[str]) -> list[str]:
    return [text for text in texts if RULES.find(text) is None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_told_plainly_is_heard(language):
    texts = told(language, crisis=True, how="plain")
    assert len(missed(texts)) <= 0.02 * len(texts), missed(texts)


def test_most_of_what_is_only_hinted_at_is_heard():
    texts = [text for language in LANGUAGES for text in told(language, True, "hinted")]
    assert len(missed(texts)) <= 0.25 * len(texts), missed(texts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", ["plain", "hinted"])
def test_near_misses_are_left_in_peace(language, how):
    texts = told(language, crisis=False, how=how)
    taken = [text for text in texts if RULES.find(text)]
    assert len(taken) <= max(1, 0.05 * len(texts)), taken


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("PELIGRO", "es"),
        ("peligro!!", "es"),
        ("Perigo", "pt"),
        ("danje", "ht"),
        ("🆘🆘", None),
        ("DANGER", None),
    ],
)
def test_a_safe_word_alone_is_enough(text, language):
    hit = RULES.find(text)
    assert hit is not None
    assert hit.type == "general"
    assert language in (None, hit.language)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a mi hijo lo secuestraron", "kidnapped"),
        ("AMI IJO LO SEKUESTRARON", "kidnapped"),
        ("m secuestraron x fa ayuda", "kidnapped"),
        ("mesecuestraron", "kidnapped"),
        ("ya no kiero bivir", "suicide"),
        ("toy perdido en el decierto sin agua", "river_desert"),
        ("nos tienen encerados en una bodega y no nos dejan salir", "locked_in"),
        ("help mi hermano esta secuestrado", "kidnapped"),
        ("my brother was kiddnapped", "kidnapped"),
    ],
)
def test_slips_short_forms_and_mixed_languages_are_understood(text, kind):
    hit = RULES.find(text)
    assert hit is not None
    assert hit.type == kind


@pytest.mark.parametrize(
    "text",
    [
        "a mi hijo no lo secuestraron, está en casa",
        "qué hago si secuestran a mi hijo",
        "vi una película donde secuestraron a una niña",
        "qué riesgo de secuestro hay",
        "emergencia!! aceptan tarjeta?",
        "me muero de hambre",
        "",
        "😂",
    ],
)
def test_what_is_denied_supposed_filmed_or_laughed_at_is_none(text):
    assert RULES.find(text) is None


def test_a_hit_says_language_and_rule():
    assert RULES.find("estoy secuestrada") == Hit("kidnapped", "es", "secuestrado")


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_text_is_too_strange(text):
    assert RULES.find(text) is None or isinstance(RULES.find(text), Hit)


@pytest.mark.parametrize(
    "piece", ["no ", "a", "yoaei", "si no pago matan a mi hijo ", "mi hijo ", "( * | ", "jaja "]
)
def test_a_text_four_times_as_long_takes_about_four_times_the_work(piece):
    short, long = (steps((piece * 10_000)[:size]) for size in (2_500, 10_000))
    assert long < 8 * short  # where it were quadratic, 16


def steps(text):
    """Count the calls that looking for a crisis takes."""
    with counting.calls() as made:
        RULES.find(text)
    return made.count
