"""The languages Faro speaks, and how each writes numbers and dates."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_decimal
from babel.units import format_unit

# language -> (its own name, the locale whose numbers and dates its readers know)
LANGUAGES: dict[str, tuple[str, str]] = {
    "es": ("Español", "es_419"),
    "en": ("English", "en_US"),
    "pt": ("Português", "pt"),
    "fr": ("Français", "fr"),
    "ht": ("Kreyòl", "fr_HT"),
}


def own_name(language: str) -> str:
    """Return what speakers call their language.

    >>> own_name("ht")
    'Kreyòl'
    """
    return LANGUAGES[language][0]


@cache
def locale(language: str) -> Locale:
    """Return the Babel locale of one of our languages; of Spanish for any other."""
    try:
        return Locale.parse(LANGUAGES.get(language, LANGUAGES["es"])[1])
    except UnknownLocaleError:  # an older CLDR
        return Locale.parse("es")


def write_money(amount: float, currency: str, language: str) -> str:
    """Return an amount with its currency, unmistakable across countries that all say "$".

    >>> write_money(1020, "USD", "es")
    'US$1,020'
    """
    number = format_decimal(amount, format="#,##0.##", locale=locale(language))
    return f"US${number}" if currency == "USD" else f"{number} {currency}"


def write_number(value: float, language: str) -> str:
    """Return a number as the language writes it.

    >>> write_number(76768, "es")
    '76,768'
    """
    return str(format_decimal(value, locale=locale(language)))


def write_date(value: Any, language: str) -> str:
    """Return a day in words.

    >>> from datetime import date
    >>> write_date(date(2026, 6, 30), "es")
    '30 de junio de 2026'
    """
    return str(format_date(value, "long", locale=locale(language)))


def write_month(value: Any, language: str) -> str:
    """Return month and year, short: enough to judge how fresh something is.

    >>> from datetime import date
    >>> write_month(date(2026, 6, 30), "en")
    'Jun 2026'
    """
    return str(format_date(value, "MMM y", locale=locale(language))).replace(".", "")


def write_duration(value: float, unit: str, language: str) -> str:
    """Return a span of time in words; ``unit`` is hour, day, week, month or year.

    >>> write_duration(1, "year", "es"), write_duration(72, "hour", "en")
    ('1 año', '72 hours')
    """
    return str(format_unit(value, f"duration-{unit}", length="long", locale=locale(language)))


def write_time(value: Any, language: str) -> str:
    """Return a time of day as the language writes it.

    >>> from datetime import time
    >>> write_time(time(16, 30), "es"), write_time(time(16, 30), "en").replace("\u202f", " ")
    ('16:30', '4:30 PM')
    """
    if language == "es":  # CLDR writes "4:30 p.m." for some of our countries and not for others
        return str(value.strftime("%H:%M"))
    return str(format_time(value, "short", locale=locale(language)))


def write_day(value: Any, language: str) -> str:
    """Return a day of the week, short; ``value`` is a date, or "mon" to "sun".

    >>> from datetime import date
    >>> write_day(date(2026, 11, 25), "es"), write_day("fri", "en")
    ('mié', 'Fri')
    """
    if isinstance(value, str):
        value = date(2024, 1, 1 + ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(value))
    return str(format_date(value, "EEE", locale=locale(language))).replace(".", "")


def zone_name(tz: str, language: str) -> str:
    """Return the city whose time a time zone has.

    >>> zone_name("America/New_York", "es")
    'Nueva York'
    """
    return str(get_timezone_location(tz, locale=locale(language), return_city=True))


def country_name(code: str, language: str) -> str:
    """Return a country's name.

    >>> country_name("US", "es")
    'Estados Unidos'
    """
    return str(locale(language).territories.get(code, code))
