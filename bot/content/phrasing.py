"""A phrase made of phrases: what leads up to it, and the lists inside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.content.compose import compose_phrase
from bot.content.hours import Opening
from bot.content.model import Hours, Release
from bot.languages import write_day, write_time


def say_phrase(
    release: Release,
    key: str,
    language: str,
    values: Mapping[str, str],
    lists: Mapping[str, Sequence[str]] | None = None,
    lead: Sequence[str] = (),
) -> str:
    """Return a phrase; ``lead`` are phrases before it, ``lists`` fills a value with phrases.

    Raise ``KeyError`` if there is no such phrase.
    """
    filled = dict(values)
    for name, keys in (lists or {}).items():
        filled[name] = "\n".join(f"- {release.phrase(each, language)}" for each in keys)
    said = [compose_phrase(release, each, language, filled) for each in (*lead, key)]
    return "\n\n".join(said)


def say_opening(release: Release, opening: Opening | None, language: str) -> str:
    """Return "open until 16:00" and the like, "" if the hours are not known."""
    if opening is None:
        return ""
    if opening.changes is None:
        return release.phrase("hours_always", language)
    values = {
        "time": write_time(opening.changes, language),
        "day": write_day(opening.changes, language),
    }
    key = "hours_open" if opening.open else "hours_closed"
    return compose_phrase(release, key, language, values)


def say_hours(hours: Hours, language: str) -> str:
    """Return a line's hours in words, with its place, because readers live elsewhere.

    >>> from datetime import time
    >>> say_hours(Hours("America/Tegucigalpa", days="mon-fri", open=time(8), close=time(16)), "es")
    'lun–vie 08:00–16:00 (Tegucigalpa)'
    """
    first, _, last = (hours.days or "mon-sun").partition("-")
    days = "–".join(write_day(name, language) for name in (first, last) if name)
    span = "–".join(write_time(at, language) for at in (hours.open, hours.close) if at)
    place = hours.tz.rpartition("/")[2].replace("_", " ")
    return f"{days} {span} ({place})"
