"""Which country a person means, and whether they are there or from there."""

import pytest
import yaml

from bot.places import Names
from bot.settings import ROOT

NAMES = Names(**yaml.safe_load((ROOT / "data" / "places.yml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("soy de Honduras", [("HN", "o")]),
        ("estoy en México", [("MX", "c")]),
        ("tps para hondureños sigue?", [("HN", "o")]),
        ("soy salvadoreña y estoy en tapachula", [("SV", "o"), ("MX", "c")]),
        ("como pido asilo en estados unidos", [("US", "")]),
        ("i'm from El Salvador", [("SV", "o")]),
        ("mexicali", []),
        ("", []),
    ],
)
def test_countries_are_found(text, expected):
    assert [(place.code, place.role) for place in NAMES.find(text)] == expected


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Honduras", True),
        ("en guatemala", True),
        ("soy de honduras", True),
        ("honduras visa h2a requisitos", False),
    ],
)
def test_a_country_alone_answers_our_question(text, alone):
    assert NAMES.find(text)[0].alone is alone
