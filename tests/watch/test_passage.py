"""Finding the passage of a fact of each type, in the languages that sources write."""

from dataclasses import replace
from datetime import date

import pytest

from bot.watch.passage import has_value, locate
from bot.watch.testing import fee
from bot.watch.text import blocks_of


def fact(type_, value, claim="", unit=""):
    return replace(fee(1), type=type_, value=value, claim=claim, unit=unit)


@pytest.mark.parametrize(
    ("which", "text", "expected"),
    [
        (fact("money", 100), "the fee of $100 applies", True),
        (fact("money", 100), "the fee of $1,100 applies", False),
        (fact("money", 100), "the fee of $100.50 applies", False),
        (fact("money", 5130), "cuesta 5,130 dólares", True),
        (fact("money", 5130), "costs $5130.", True),
        (fact("number", 73.1), "73.1 percent of them", True),
        (fact("date", date(2026, 6, 25)), "decided on June 25, 2026", True),
        (fact("date", date(2026, 6, 25)), "el 25 de junio de 2026", True),
        (fact("date", date(2026, 6, 25)), "on June 2, 2026", False),
        (fact("phone", "1-800-375-5283"), "call (800) 375-5283", False),
        (fact("phone", "1-800-375-5283"), "call 1 (800) 375-5283", True),
        (fact("statement", None), "anything", True),
    ],
)
def test_how_values_are_written(which, text, expected):
    assert has_value(which, text) is expected


def test_a_value_without_its_words_is_not_the_passage():
    assert locate(fee(100), ["Room 100", "Form I-589 costs $100"]) == "Form I-589 costs $100"


def test_a_statement_needs_many_of_its_words():
    said = fact(
        "statement",
        None,
        "El asilo USCIS formulario I-589 no se puede perdonar el pago de solicitud",
    )
    block = "La solicitud de asilo, formulario I-589: USCIS no puede perdonar el pago."
    assert locate(said, ["La solicitud de pasaporte", block]) == block
    assert locate(said, ["Nada que ver con esto"]) == ""


def test_broken_html_is_read_all_the_same():
    page = "<div><script>if (a<b) {}</script><p>One<br>Two <b>three<p>Four</div></span><form>no</form>Five"
    assert blocks_of(page) == ["One", "Two three", "Four", "Five"]
