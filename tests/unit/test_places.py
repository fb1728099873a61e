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
        ("soy nica y estoy en costa rica, quiero pedir refugio", [("NI", "o"), ("CR", "c")]),
        ("ya pasé a México", [("MX", "c")]),
        ("mwen se ayisyen", [("HT", "o")]),
        ("he is from Honduras", [("HN", "o")]),
        ("nou nan Tapachula", [("MX", "c")]),
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
        ("soy de el salvador y estoy en guatemala", True),
        ("soy de guatemala vivo en maryland", True),
        ("soy salvadoreña y estoy en tapachula", True),
        ("tps para hondureños en texas sigue vigente", False),
        ("honduras visa h2a requisitos", False),
    ],
)
def test_a_country_alone_answers_our_question(text, alone):
    assert NAMES.find(text)[0].alone is alone
