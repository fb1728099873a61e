"""The lines of a country: fit for each channel and language, open ones first."""

from dataclasses import replace
from datetime import datetime, time, timezone

import pytest

from bot.content import release as releases
from bot.content.compose import Person
from bot.content.files import read_content, read_yaml
from bot.content.model import Hours
from bot.content.nearby import ZONES, compose_nearby, lines_of
from bot.geography import countries_at
from bot.settings import ROOT
from bot.sms import cheap, sms_size

NOON = datetime(2026, 11, 25, 18, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def release():
    return releases.build(read_content(ROOT), 1)


def countries(release):
    return [code for code in ZONES if lines_of(release, code, NOON)]


def test_each_country_language_and_channel_fits(release):
    assert {"HN", "GT", "SV", "MX", "US"} <= set(countries(release))
    for code in countries(release):
        for language in release.languages:
            for channel in ("whatsapp", "telegram", "sms"):
                said = compose_nearby(release, code, Person(language, code, code, channel), NOON)
                assert "{" not in said.text
                assert len(said.text) <= 1024, (code, language, len(said.text))
                if channel == "sms":
                    assert sms_size(cheap(said.text, "gsm")).segments <= 3, (code, language)


def test_one_countrys_lines_only(release):
    text = compose_nearby(release, "SV", Person("es", "SV", None, "telegram"), NOON).text
    assert "119" in text
    assert "1546" not in text


def test_where_a_country_has_several_times_it_says_whose(release):
    text = compose_nearby(release, "US", Person("es", "US", None, "telegram"), NOON).text
    assert "Allá son las 13:00 (Nueva York)." in text
    text = compose_nearby(release, "SV", Person("es", "SV", None, "telegram"), NOON).text
    assert "Allá son las 12:00." in text


def test_what_is_closed_stands_last_and_says_when_it_opens(release):
    name = "hn.contact.emergency_911"
    hours = Hours("America/Tegucigalpa", days="mon-fri", open=time(13), close=time(16))
    closed = replace(release.content.facts[name], hours=hours)
    changed = replace(
        release, content=replace(release.content, facts={**release.content.facts, name: closed})
    )
    assert lines_of(changed, "HN", NOON)[-1].id == name
    text = compose_nearby(changed, "HN", Person("es", "HN", None, "telegram"), NOON).text
    assert "cerrado, abre mié 13:00" in text


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((13.30, -87.19), ["HN"]),  # Choluteca
        ((14.84, -91.52), ["GT"]),  # Quetzaltenango
        ((29.70, -95.40), ["US"]),  # Houston
        ((14.90, -92.26), ["MX"]),  # Tapachula
        ((14.68, -92.15), ["GT", "MX"]),  # on the Suchiate
        ((31.70, -106.45), ["MX", "US"]),  # Juárez or El Paso
        ((48.85, 2.35), []),  # Paris
        ((-90.0, 180.0), []),
    ],
)
def test_a_shared_location_tells_the_country_or_asks(place, expected):
    assert sorted(countries_at(*place, read_yaml(ROOT / "data" / "geography.yml"))) == expected
