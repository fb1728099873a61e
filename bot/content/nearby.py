"""The lines of one country that may be called now: what they are for, when, and what they cost.

Pure: the moment is an argument.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.compose import Composed, Person, compose_phrase, source_paragraph
from bot.content.freshness import status
from bot.content.hours import opening
from bot.content.local import say_country
from bot.content.model import SOURCE_LANGUAGE, Contact, Release
from bot.content.phrasing import say_opening
from bot.languages import own_name, write_time, zone_name

# What people look for first, first.
ROLES = (
    "emergency", "child_protection", "violence", "mental_health", "trafficking", "missing",
    "human_rights", "legal", "consular", "labour", "health", "migration",
)  # fmt: skip
MOST, MOST_SMS = 8, 4
LONGEST = 750  # characters of lines; title, sources and buttons have to fit, too
ZONES = {
    "HN": "America/Tegucigalpa",
    "GT": "America/Guatemala",
    "SV": "America/El_Salvador",
    "NI": "America/Managua",
    "MX": "America/Mexico_City",
    "US": "America/New_York",
    "CR": "America/Costa_Rica",
    "PA": "America/Panama",
    "BZ": "America/Belize",
    "HT": "America/Port-au-Prince",
}

WIDE = frozenset({"US", "MX"})  # of several time zones: it is said whose time it is


def lines_of(release: Release, country: str, now: datetime) -> list[Contact]:
    """Return a country's lines that may be named today: those with a role, open ones first."""
    today = now.date()
    found = [
        fact
        for fact in release.content.facts.values()
        if isinstance(fact, Contact)
        and fact.country == country
        and fact.role in ROLES
        and status(fact, today) != "withdrawn"
    ]

    def rank(contact: Contact) -> tuple[bool, int]:
        opens = opening(contact.hours, now)
        return (opens is not None and not opens.open, ROLES.index(contact.role))

    return sorted(found, key=rank)


def compose_nearby(release: Release, country: str, person: Person, now: datetime) -> Composed:
    """Return the lines of a country, a line each, with sources like any answer.

    Raise ``KeyError`` if there is none.
    """
    language, sms = person.language, person.channel == "sms"
    contacts = lines_of(release, country, now)[: MOST_SMS if sms else MOST]
    if not contacts:
        raise KeyError(country)
    used = {contact.id: status(contact, now.date()) for contact in contacts}
    written = [_line(release, contact, language, sms, now) for contact in contacts]
    if sum(map(len, written)) > LONGEST:  # what the line is for is said by its role
        written = [line.partition("\n")[0] for line in written]
    tz = ZONES.get(country, "UTC")
    at = write_time(now.astimezone(ZoneInfo(tz)), language)
    values = {
        "country": say_country(release, country, language),
        "time": f"{at} ({zone_name(tz, language)})" if country in WIDE else at,
    }
    title = compose_phrase(release, "near_title", language, values)
    sources = source_paragraph(release, contacts, used, language, sms)
    paragraphs = [title, "\n".join(written), *filter(None, [sources])]
    return Composed("\n".join(paragraphs) if sms else "\n\n".join(paragraphs), language, facts=used)


def _line(release: Release, contact: Contact, language: str, sms: bool, now: datetime) -> str:
    what = release.phrase(f"role_{contact.role}", language)
    if sms:
        return f"{what}: {contact.value}"
    about = [say_opening(release, opening(contact.hours, now), language)]
    if contact.free is not None:
        about.append(release.phrase("line_free" if contact.free else "line_paid", language))
    about += [own_name(code) for code in contact.languages if code in ("es", "en", "pt", "fr")]
    aside = ", ".join(filter(None, about))
    # Who may call is written in Spanish only; the role says it in every language.
    who = f"\n{contact.who}" if language == SOURCE_LANGUAGE and contact.who else ""
    return f"**{what}**: {contact.value}{f' ({aside})' if aside else ''}{who}"
