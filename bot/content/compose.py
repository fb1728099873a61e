"""An answer for one person: right language, place and channel, with only what still holds.

A line is the unit of truth: a line that names a fact which may no longer be said is left
out whole, and the answer says so. Everything here is pure; the day is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.content.freshness import Status, status
from bot.content.local import say_country, say_date, say_duration, say_month
from bot.content.model import Answer, Contact, Fact, Release
from bot.content.placeholders import fill, named
from bot.languages import (
    own_name,
    write_money,
    write_number,
)

MAX_SOURCES = 2
HERE = "here."
# Where a line about sources would stand in the way: of help, and of the first greeting.
UNSOURCED = ("crisis_", "first_contact")


@dataclass(frozen=True)
class Person:
    """What an answer may depend on."""

    language: str = "es"
    country: str | None = None
    origin: str | None = None
    channel: str = "whatsapp"


@dataclass(frozen=True)
class Composed:
    """An answer ready to be said. ``facts`` maps each fact it rests on to its status."""

    text: str
    language: str
    next: tuple[str, ...] = ()
    facts: Mapping[str, Status] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Facts:
    """The facts an answer may use, for one place and day."""

    release: Release
    place: str | None
    today: date
    live: Mapping[str, Fact]

    def get(self, name: str) -> Fact | None:
        if name.startswith(HERE):
            return self.release.contact(name.removeprefix(HERE), self.place)
        return self.live.get(name) or self.release.content.facts.get(name)

    def status(self, name: str) -> Status:
        fact = self.get(name)
        if fact is None or (fact.live and name not in self.live):
            return "withdrawn"
        return status(fact, self.today)


def place_of(answer: Answer, person: Person) -> str | None:
    """Return the country an answer is about: where the person is, or is from."""
    return person.origin if answer.asks == "origin" else person.country


def write_value(fact: Fact, release: Release, language: str) -> str:
    """Return a fact's value as the language writes it; a statement has none."""
    value = fact.value
    if isinstance(value, date):
        return say_date(release, value, language)
    if fact.type == "money" and isinstance(value, int | float):
        return write_money(value, fact.unit, language)
    if fact.type == "duration" and isinstance(value, int | float):
        return say_duration(release, value, fact.unit, language)
    if isinstance(value, int | float):
        return write_number(value, language)
    return "" if value is None else value


def compose(
    release: Release,
    name: str,
    person: Person,
    today: date,
    live: Mapping[str, Fact] | None = None,
) -> Composed:
    """Return the answer ``name`` for a person on a day; raise ``KeyError`` if there is none.

    ``live`` holds facts whose value was just fetched from their source; a fact that
    lives at its source and was not fetched is left out.
    """
    found = release.answer(name, person.language)
    if found is None:
        raise KeyError(name)
    answer, language = found
    place = place_of(answer, person)
    facts = _Facts(release, place, today, live or {})

    def value_of(placeholder: str) -> str:
        if placeholder == "here.name":
            return say_country(release, place or "", language)
        fact = facts.get(placeholder)
        return write_value(fact, release, language) if fact else ""

    kept: list[str] = []
    used: dict[str, Status] = {}
    withheld: list[str] = []
    source_lines = answer.wording(place).on(person.channel).split("\n")
    for line in source_lines:
        names = [placeholder for placeholder in named(line) if placeholder != "here.name"]
        gone = [placeholder for placeholder in names if facts.status(placeholder) == "withdrawn"]
        if gone:
            withheld += [p for p in gone if (fact := facts.get(p)) is None or not fact.live]
            continue
        kept.append(fill(line, value_of))
        for placeholder in names:
            if fact := facts.get(placeholder):
                used[fact.id] = facts.status(placeholder)

    sms = person.channel == "sms"
    paragraphs = [re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()]
    if withheld and not paragraphs[0]:
        paragraphs = [release.phrase("all_withdrawn", language)]
    elif withheld:
        paragraphs.append(release.phrase("dropped_line", language))
    rests_on = [fact for i in used if (fact := facts.get(i))]
    sources = source_paragraph(release, rests_on, used, language, sms)
    if sources and not name.startswith(UNSOURCED):
        paragraphs.append(sources)
    # An SMS has no room for it: one more segment may cost a family its answer.
    if not answer.reviewed and not sms and not name.startswith(UNSOURCED):
        paragraphs.append(release.phrase("unreviewed_line", language))
    if language != person.language:
        paragraphs.append(
            release.phrase("untranslated_line", person.language).replace(
                "{language}", own_name(person.language)
            )
        )
    if not name.startswith(UNSOURCED):
        paragraphs[:0] = release.banners(person.country, person.language, today)
    separator = "\n" if sms else "\n\n"
    return Composed(
        text=separator.join(paragraphs),
        language=language,
        next=answer.next,
        facts=used,
        withheld=tuple(withheld),
    )


def compose_phrase(
    release: Release, key: str, language: str, values: Mapping[str, str] | None = None
) -> str:
    """Return a phrase of the bot's own with its values and contacts filled in."""
    given = values or {}

    def value_of(name: str) -> str:
        fact = release.content.facts.get(name)
        return given.get(name) or (write_value(fact, release, language) if fact else "")

    return fill(release.phrase(key, language), value_of)


def source_paragraph(
    release: Release, facts: Sequence[Fact], used: Mapping[str, Status], language: str, sms: bool
) -> str:
    """Return the line that names the sources, with a warning if one may be out of date."""
    sources = _sources(release, facts, language, sms)
    doubtful = "check" in used.values()
    key = ("check_line" if doubtful else "source_line") + ("_sms" if sms else "")
    return release.phrase(key, language).replace("{sources}", sources) if sources else ""


def _sources(release: Release, facts: Sequence[Fact], language: str, sms: bool) -> str:
    """Return the sources of the facts used, each once: those that bear a date first, newest first.

    An undated source is shown with the month in which it was last looked at.
    """
    rests_on = [fact for fact in facts if not isinstance(fact, Contact)] or facts
    newest: dict[str, tuple[bool, date]] = {}
    for fact in rests_on:
        dated = (fact.source.date is not None, fact.source.date or fact.checked_on)
        newest[fact.source.short] = max(dated, newest.get(fact.source.short, dated))
    ranked = sorted(newest.items(), key=lambda item: item[1], reverse=True)
    shown = ranked[: 1 if sms else MAX_SOURCES]
    return ", ".join(f"{short} ({say_month(release, day, language)})" for short, (_, day) in shown)
