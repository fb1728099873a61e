"""The content as plain data: facts, contacts, answers, and the release that holds them.

A release is immutable and complete: whoever has it can answer without any other file.
It is read from ``data/`` and ``locales/`` (``files``), checked (``checks``), numbered and
hashed (``release``), and rendered for one person (``compose``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal

from bot.guides import Guide

SOURCE_LANGUAGE = "es"

FactType = Literal["statement", "number", "money", "duration", "date", "phone", "url", "place"]
Volatility = Literal["stable", "slow", "fast"]
Confidence = Literal["confirmed", "old", "unverified"]
Asks = Literal["", "country", "origin"]

CHANNELS = ("whatsapp", "sms", "telegram")
COUNTRIES = ("HN", "GT", "SV", "NI", "MX", "US", "CR", "PA", "BZ", "CA", "ES", "HT")


@dataclass(frozen=True)
class Source:
    """Where a fact was read. ``date`` is what the source bears, None if it bears none."""

    name: str
    short: str
    url: str | None = None
    date: date | None = None


@dataclass(frozen=True)
class Live:
    """How a fact's value is fetched while people ask: a reader in ``actions`` and its query."""

    reader: str
    query: Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """One thing that is true until something changes, with what it rests on.

    ``value`` is a number for number, money (in ``unit``, ISO 4217) and duration (in
    ``unit``: hour, day, working_day, week, month, year), a date for date, a text for
    phone, url and place, and None for a statement, which is only cited.
    """

    id: str
    type: FactType
    claim: str
    source: Source
    checked_on: date
    valid_until: date
    withdraw_after: date
    volatility: Volatility
    confidence: Confidence
    owner: str
    value: float | str | date | None = None
    unit: str = ""
    note: str = ""
    live: Live | None = None


@dataclass(frozen=True)
class Hours:
    """When a line is answered, in local time of ``tz``."""

    tz: str
    always: bool = False
    days: str = ""  # "mon-fri", "mon-sat", "mon-sun"
    open: time | None = None
    close: time | None = None


@dataclass(frozen=True)
class Contact(Fact):
    """A number or address to turn to: a fact that also says who may, and when."""

    country: str = ""
    name: str = ""
    role: str = ""
    who: str = ""
    hours: Hours | None = None
    languages: tuple[str, ...] = ()
    free: bool | None = None


@dataclass(frozen=True)
class Wording:
    """The words of one answer. ``sms`` and ``telegram`` only where they differ."""

    text: str
    sms: str = ""
    telegram: str = ""

    def on(self, channel: str) -> str:
        """Return the words for a channel."""
        return getattr(self, channel, "") or self.text


@dataclass(frozen=True)
class Answer:
    """What we say to one question, in one language.

    ``asks`` says that the answer depends on where the person is (country) or is from
    (origin); ``countries`` holds the words that differ there. ``reviewed`` is False for a
    translation that no speaker of its language has read yet.
    """

    name: str
    title: str
    general: Wording
    countries: Mapping[str, Wording] = field(default_factory=dict)
    asks: Asks = ""
    next: tuple[str, ...] = ()
    note: str = ""
    theme: str = ""
    reviewed: bool = True

    def wording(self, country: str | None) -> Wording:
        """Return the words for a country."""
        return self.countries.get(country or "", self.general)


@dataclass(frozen=True)
class Banner:
    """Urgent words said before every answer in a country ("" is everywhere), up to a day."""

    country: str
    until: date  # the last day (UTC) on which it is said
    texts: Mapping[str, str]  # by language; Spanish always


@dataclass(frozen=True)
class Content:
    """Everything that is written, before it is a release. Answers by language, then name."""

    facts: Mapping[str, Fact]
    answers: Mapping[str, Mapping[str, Answer]]
    phrases: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    crisis: Mapping[str, Any]
    banners: tuple[Banner, ...] = ()
    guides: Mapping[str, Guide] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """Content with a number: what people are answered from until another one is live."""

    number: int
    hash: str
    content: Content

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.content.answers)

    def answer(self, name: str, language: str) -> tuple[Answer, str] | None:
        """Return the answer and the language it is in: the one asked for, else Spanish."""
        for candidate in (language, SOURCE_LANGUAGE):
            found = self.content.answers.get(candidate, {}).get(name)
            if found:
                return found, candidate
        return None

    def phrase(self, key: str, language: str) -> str:
        """Return a short text of the bot's own, in Spanish if it is not translated."""
        phrases = self.content.phrases
        return phrases.get(language, {}).get(key) or phrases[SOURCE_LANGUAGE][key]

    def banners(self, country: str | None, language: str, today: date) -> list[str]:
        """Return the urgent words for somebody in a country today."""
        return [
            banner.texts.get(language) or banner.texts[SOURCE_LANGUAGE]
            for banner in self.content.banners
            if banner.country in ("", country or "") and today <= banner.until
        ]

    def contact(self, role: str, country: str | None) -> Contact | None:
        """Return the line that plays a role in a country."""
        for fact in self.content.facts.values():
            if isinstance(fact, Contact) and (fact.role, fact.country) == (role, country):
                return fact
        return None
