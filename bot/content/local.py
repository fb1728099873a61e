"""Days, spans of time and countries, also in a language that Babel's CLDR does not know.

For such a language (Haitian Creole) they are phrases: ``months`` (twelve words), ``date_long``,
``date_month``, ``duration_<unit>`` and ``country_<code>``. All others are Babel's, but for
Portuguese spans, which Babel 2.18 writes as "10 duration-year".
"""

from __future__ import annotations

from datetime import date

from bot import languages
from bot.content.model import Release

NOT_IN_CLDR = frozenset({"ht"})
NO_SPANS = NOT_IN_CLDR | {"pt"}


def say_date(release: Release, day: date, language: str) -> str:
    """Return a day in words."""
    if language not in NOT_IN_CLDR:
        return languages.write_date(day, language)
    return _fill(release, "date_long", language, day)


def say_month(release: Release, day: date, language: str) -> str:
    """Return month and year, short."""
    if language not in NOT_IN_CLDR:
        return languages.write_month(day, language)
    return _fill(release, "date_month", language, day)


def say_duration(release: Release, value: float, unit: str, language: str) -> str:
    """Return a span of time; ``unit`` is hour, day, working_day, week, month or year."""
    if language in NO_SPANS or unit == "working_day":
        key = "working_days" if unit == "working_day" else f"duration_{unit}"
        if value == 1 and f"{key}_one" in release.content.phrases[language]:
            key += "_one"
        count = languages.write_number(value, language)
        return release.phrase(key, language).replace("{count}", count)
    return languages.write_duration(value, unit, language)


def say_country(release: Release, code: str, language: str) -> str:
    """Return a country's name."""
    if language in NOT_IN_CLDR and f"country_{code}" in release.content.phrases[language]:
        return release.phrase(f"country_{code}", language)
    return languages.country_name(code, language)


def _fill(release: Release, key: str, language: str, day: date) -> str:
    month = release.phrase("months", language).split()[day.month - 1]
    text = release.phrase(key, language)
    for name, value in (("day", day.day), ("month", month), ("year", day.year)):
        text = text.replace(f"{{{name}}}", str(value))
    return text
