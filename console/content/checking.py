"""The content checks as messages beside the field that is wrong, in the staff's language.

``bot.content.checks`` says each problem in one English line: where, what, how to mend it.
Here the place becomes a field, and the sentence is said again in words of the console.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

from bot.languages import LANGUAGES

_PLACE = re.compile(r"^(?P<place>(?:[A-Z]{2}\.)?(?:text|sms|telegram|title)): ")
_COUNTRY = re.compile(r"^ \((?P<country>[A-Z]{2})\)")

# What a line says -> how it is told to staff. Names in the pattern are kept.
SAYINGS: tuple[tuple[str, str], ...] = (
    (r"title has (?P<count>\d+) characters; (?P<limit>\d+) fit a button",
     N("The title has %(count)s characters; only %(limit)s fit a button.")),
    (r"asks '(?P<what>.*)'; only", N("It can depend on “country” or “origin” only.")),
    (r"next names (?P<name>\S+), which has no answer",
     N("The next topic %(name)s has no answer.")),
    (r"placeholders differ from the Spanish(?:: (?P<name>.+))?",
     N("Facts differ from the Spanish: %(name)s. Use the same ones in both.")),
    (r"reading ease (?P<count>\d+); at least (?P<limit>\d+)",
     N("It is hard to read (%(count)s; at least %(limit)s): shorter words, shorter lines.")),
    (r"title '(?P<name>.+)' is a word that SMS carriers",
     N("SMS carriers act on the word %(name)s; choose another title.")),
    (r"\{(?P<name>[^}]+)\} is no fact",
     N("There is no fact called %(name)s. Correct the name, or create the fact first.")),
    (r"(?P<name>\S+) is unverified and cannot be said",
     N("The fact %(name)s is not verified, so it cannot be said.")),
    (r"(?P<name>\S+) is a statement; cite it",
     N("%(name)s has no value to show: write {^%(name)s} to rest on it.")),
    (r"the number (?P<name>\S+) is typed in",
     N("The number %(name)s is typed in. Numbers change: insert the fact instead.")),
    (r"the link '(?P<name>.+)' is typed in",
     N("The link %(name)s is typed in. Insert the fact instead.")),
    (r"names \{here",
     N("It names {here.…}, so choose that the answer depends on where the person is.")),
    (r"rests on withdrawn facts: (?P<name>.+)",
     N("It rests on facts that may no longer be said: %(name)s.")),
    (r"(?P<count>\d+) characters on (?P<name>\w+); (?P<limit>\d+) fit",
     N("%(count)s characters on %(name)s; %(limit)s fit. Shorten it.")),
    (r"(?P<count>\d+) SMS segments; (?P<limit>\d+) at most",
     N("It takes %(count)s SMS; %(limit)s at most. Shorten the SMS answer.")),
    (r"(?P<count>\d+) characters; at most (?P<limit>\d+)",
     N("%(count)s characters; at most %(limit)s.")),
    (r"has (?P<count>\d+) characters; (?P<limit>\d+) fit a button",
     N("It has %(count)s characters; only %(limit)s fit a button.")),
    (r"value (?P<name>.+) does not fit type (?P<kind>\w+)",
     N("The value %(name)s does not fit the kind of fact.")),
    (r"a statement has no value", N("A statement has no value: empty it, or choose another kind.")),
    (r"unit '(?P<name>.*)' is none of (?P<list>.+)",
     N("The unit “%(name)s” is none of: %(list)s.")),
    (r"unit '(?P<name>.*)' is no currency code",
     N("“%(name)s” is no currency code such as USD.")),
    (r"is withdrawn before it stops being valid",
     N("It is withdrawn before it stops being valid: choose a later day.")),
    (r"has no source url", N("Add the address of the source, or mark the fact as not verified.")),
    (r"(?P<name>\S+) already is the (?P<role>\w+) line of (?P<country>\w+)",
     N("%(name)s already plays the role %(role)s in %(country)s.")),
)  # fmt: skip
_FILE = re.compile(r"^(?:locales/(?P<language>\w+)/LC_MESSAGES/\w+\.po|data(?:/\w+)?)(?=: )")
_COMPILED = tuple((re.compile(pattern), saying) for pattern, saying in SAYINGS)


@dataclass(frozen=True)
class Said:
    """One problem: the field it belongs beside, and what to do about it."""

    field: str
    text: str


def say(line: str) -> str:
    """Return a check's sentence in the staff's language; one nobody foresaw stays as it is."""
    for pattern, saying in _COMPILED:
        if found := pattern.search(line):
            values = {key: value or "" for key, value in found.groupdict().items()}
            return _(saying) % values
    return line


def explained(line: str) -> str:
    """Return a problem as staff read it in a list: where it is, then what is wrong."""
    line = _FILE.sub(_language, line)
    for pattern, saying in _COMPILED:
        if found := pattern.search(line):
            values = {key: value or "" for key, value in found.groupdict().items()}
            return f"{line[: found.start()]}{_(saying) % values}"
    return line


def _language(found: re.Match[str]) -> str:
    return LANGUAGES.get(found["language"] or "es", (found["language"],))[0]


def beside(problems: Iterable[str], name: str) -> list[Said]:
    """Return the problems of one answer, each with the place it belongs to."""
    found: dict[Said, None] = {}
    for line in problems:
        _file, _sep, rest = line.partition(f": {name}")
        country = _COUNTRY.match(rest)
        rest = rest.removeprefix(country.group() if country else "").removeprefix(": ")
        place = _PLACE.match(rest)
        field = place["place"] if place else _guess(rest)
        if country and "." not in field and field != "title":
            field = f"{country['country']}.{field}"
        found[Said(field, say(rest.removeprefix(place.group() if place else "")))] = None
    return list(found)


def _guess(rest: str) -> str:
    for sign, field in (("title", "title"), ("asks", "asks"), ("next", "next"), ("SMS", "sms")):
        if rest.startswith(sign) or (sign == "SMS" and sign in rest):
            return field
    return "telegram" if "on telegram" in rest else "text"


def field_of_fact(line: str) -> tuple[str, Any]:
    """Return the field of a fact that a problem belongs beside, and the problem in words."""
    for sign, field in (
        ("value", "value"),
        ("statement", "value"),
        ("unit", "unit"),
        ("withdrawn", "withdraw_after"),
        ("source url", "source_url"),
        ("line of", "role"),
    ):
        if sign in line:
            return field, say(line)
    return "claim", say(line)
