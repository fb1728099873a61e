"""Every rule that content must keep before it is a release; each problem is one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timezone

from bot import crisis
from bot.content.compose import HERE, Person, compose
from bot.content.model import (
    CHANNELS,
    SOURCE_LANGUAGE,
    Answer,
    Contact,
    Content,
    Fact,
    Live,
    Release,
)
from bot.content.placeholders import fill, named
from bot.content.po import texts
from bot.content.readability import EASY, ease
from bot.guides import problems as guide_problems
from bot.sms import RESERVED, cheap, sms_size
from bot.text import numbered

TITLE_LIMIT = 20  # a WhatsApp button
FIRST_CONTACT_LIMIT = 300
BODY_LIMIT = 1024  # WhatsApp text that still has buttons
SEGMENTS, SEGMENTS_MOST_ASKED = 4, 2

MOST_ASKED = frozenset(
    {
        "emergency_help",
        "hotlines",
        "missing_relative",
        "asylum_us",
        "asylum_mexico",
        "myth_child_lets_you_stay",
        "unaccompanied_child_us_process",
        "work_visa_h2",
        "tps",
        "family_petition",
        "detained_locator",
        "consulate_contact",
        "deportation_process",
        "reentry_bars",
        "risks_overview",
        "risks_smugglers",
        "recruitment_scam",
        "notario_fraud",
        "greeting",
        "talk_to_human",
    }
)

_DIGITS = re.compile(r"\d+")
_LIST_MARK = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)
_FORM_NAME = re.compile(r"\b(?:[A-Z]{1,4}-\d+[A-Z]?(?:-\d+[A-Z]?)?|H-2[AB]|CA-4)\b")
_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|org|gov|gob|net|int)\b", re.IGNORECASE)
_VALUE_TYPES: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "money": (int, float),
    "duration": (int, float),
    "phone": (str,),
    "url": (str,),
    "place": (str,),
}
# Who fetches a live value, and what its query must say.
_READERS = {"federal_register": ("term",), "json": ("url", "pointer", "type")}
_JSON_TYPES = {
    "number": "number", "money": "number", "duration": "number", "date": "date",
    "phone": "text", "url": "text", "place": "text",
}  # fmt: skip
_UNITS = ("hour", "day", "working_day", "week", "month", "year")


def problems(content: Content) -> list[str]:
    """Return every problem: where, what, and how to mend it. An empty list may be published."""
    found = [*_facts(content)]
    for language, answers in content.answers.items():
        for answer in answers.values():
            found += _answer(content, language, answer)
    found += _readable(content)
    found += _phrases(content)
    found += [f"data/crisis: {problem}" for problem in crisis.problems(content.crisis)]
    found += guide_problems(
        content.guides, content.phrases[SOURCE_LANGUAGE], [*content.answers[SOURCE_LANGUAGE]]
    )
    # Rendering what is broken would only say the same again, less clearly.
    return found or [*rendered(content, _today())]


def _facts(content: Content) -> Iterator[str]:
    roles: dict[tuple[str, str], str] = {}
    for fact in content.facts.values():
        where = f"data: {fact.id}"
        expected = None if fact.live else _VALUE_TYPES.get(fact.type)
        if fact.live:
            yield from _live(where, fact, fact.live)
        if expected and (isinstance(fact.value, bool) or not isinstance(fact.value, expected)):
            yield f"{where}: value {fact.value!r} does not fit type {fact.type}"
        if fact.type == "statement" and fact.value is not None:
            yield f"{where}: a statement has no value; give it a type or take the value out"
        if fact.type == "duration" and fact.unit not in _UNITS:
            yield f"{where}: unit {fact.unit!r} is none of {', '.join(_UNITS)}"
        if fact.type == "money" and len(fact.unit) != 3:
            yield f"{where}: unit {fact.unit!r} is no currency code such as USD"
        if fact.withdraw_after < fact.valid_until:
            yield f"{where}: is withdrawn before it stops being valid; set withdraw_after later"
        if not fact.source.url and fact.confidence != "unverified":
            yield f"{where}: has no source url; add it or mark the fact unverified"
        if isinstance(fact, Contact) and fact.role:
            other = roles.setdefault((fact.country, fact.role), fact.id)
            if other != fact.id:
                yield f"{where}: {other} already is the {fact.role} line of {fact.country}"


def _live(where: str, fact: Fact, live: Live) -> Iterator[str]:
    if live.reader not in _READERS:
        yield f"{where}: nobody is called {live.reader!r}; readers are {', '.join(_READERS)}"
        return
    for name in _READERS[live.reader]:
        if not live.query.get(name):
            yield f"{where}: the query of {live.reader} lacks {name}"
    if live.reader == "json" and live.query.get("type") != _JSON_TYPES.get(fact.type):
        wanted = _JSON_TYPES.get(fact.type, "nothing: it has no value")
        yield f"{where}: a {fact.type} is fetched as {wanted}, not as {live.query.get('type')}"


def _answer(content: Content, language: str, answer: Answer) -> Iterator[str]:
    where = f"{_file(language)}: {answer.name}"
    if len(answer.title) > TITLE_LIMIT:
        yield f"{where}: title has {len(answer.title)} characters; {TITLE_LIMIT} fit a button"
    if answer.asks not in ("", "country", "origin"):
        yield f"{where}: asks {answer.asks!r}; only country or origin can be asked"
    if answer.title.upper() in RESERVED:
        yield f"{where}: title {answer.title!r} is a word that SMS carriers act on; choose another"
    for label in answer.next:
        if label not in content.answers[SOURCE_LANGUAGE]:
            yield f"{where}: next names {label}, which has no answer"
    spanish = dict(texts(content.answers[SOURCE_LANGUAGE][answer.name]))
    for place, text in texts(answer):
        yield from _text(content, f"{where}: {place}", text, answer, place)
        if set(named(text)) != set(named(spanish.get(place, text))):
            wrong = set(named(text)) ^ set(named(spanish[place]))
            yield f"{where}: {place}: placeholders differ from the Spanish: {', '.join(wrong)}"


def _text(content: Content, where: str, text: str, answer: Answer, place: str) -> Iterator[str]:
    for name in named(text):
        if name.startswith(HERE):
            continue
        fact = content.facts.get(name)
        if fact is None:
            yield f"{where}: {{{name}}} is no fact; correct the name or add it to data/facts/"
        elif fact.confidence == "unverified":
            yield f"{where}: {name} is unverified and cannot be said; verify it or take it out"
        elif fact.type == "statement" and f"{{{name}}}" in text:
            yield f"{where}: {name} is a statement; cite it as {{^{name}}}"
    bare = _FORM_NAME.sub("", _LIST_MARK.sub("", re.sub(r"\{[^}]*\}", "", text)))
    if digits := _DIGITS.search(bare):
        yield f"{where}: the number {digits.group()} is typed in; make it a fact and name it"
    if link := _LINK.search(bare):
        yield f"{where}: the link {link.group()!r} is typed in; make it a fact and name it"
    if not answer.asks and any(name.startswith(HERE) for name in named(text)):
        yield f"{where}: names {{here.…}} but does not ask for a country; add `asks: country`"


def _readable(content: Content) -> Iterator[str]:
    """Measure the Spanish texts: others cannot be measured with the same rule."""
    for name, answer in content.answers[SOURCE_LANGUAGE].items():
        for country, wording in [("", answer.general), *answer.countries.items()]:
            found = ease(fill(wording.text, lambda _: ""))
            if found < EASY:
                where = f"data/answers: {name}{f' ({country})' if country else ''}"
                yield f"{where}: reading ease {found:.0f}, below {EASY:.0f}: use shorter words"


def _phrases(content: Content) -> Iterator[str]:
    spanish = content.phrases[SOURCE_LANGUAGE]
    for language, phrases in content.phrases.items():
        for key, text in phrases.items():
            where = f"{_file(language, 'bot')}: {key}"
            if key.startswith("choice_") and len(text) > TITLE_LIMIT:
                yield f"{where}: has {len(text)} characters; {TITLE_LIMIT} fit a button"
            if set(named(text)) != set(named(spanish[key])):
                yield f"{where}: placeholders differ from the Spanish"


def answer_problems(content: Content, language: str, name: str) -> list[str]:
    """Return the problems of one answer in one language, as staff see them beside its form."""
    answer = content.answers[language].get(name)
    found = [*_answer(content, language, answer)] if answer else []
    return found or [*_rendered_answer(content, _today(), language, name)]


def rendered(content: Content, today: date) -> Iterator[str]:
    """Render everything for every language, country and channel on a day, and measure it."""
    for language in content.answers:
        for name in content.answers[SOURCE_LANGUAGE]:
            yield from _rendered_answer(content, today, language, name)


def _rendered_answer(content: Content, today: date, language: str, name: str) -> Iterator[str]:
    release = Release(0, "", content)
    answer = content.answers[SOURCE_LANGUAGE][name]
    for country in ("", *answer.countries):
        for channel in CHANNELS:
            person = Person(language, country, country, channel)
            said = compose(release, name, person, today)
            where = f"{_file(language)}: {name}{f' ({country})' if country else ''}"
            if said.withheld and name.startswith("crisis_"):
                yield f"{where}: rests on withdrawn facts: {', '.join(said.withheld)}"
            if channel != "sms" and len(said.text) > BODY_LIMIT:
                yield f"{where}: {len(said.text)} characters on {channel}; {BODY_LIMIT} fit"
            if channel == "sms":
                titles = _next_titles(content, language, said.next)
                yield from _sms(titles, name, where, said.text)
            if name == "first_contact" and len(said.text) > FIRST_CONTACT_LIMIT:
                yield f"{where}: {len(said.text)} characters; at most {FIRST_CONTACT_LIMIT}"


def _today() -> date:
    return datetime.now(timezone.utc).date()


def _next_titles(content: Content, language: str, labels: tuple[str, ...]) -> list[str]:
    """Return the titles of the first two next topics, as an SMS lists them."""
    answers = {**content.answers[SOURCE_LANGUAGE], **content.answers[language]}
    return [answers[label].title for label in labels[:2]]


def _sms(titles: list[str], name: str, where: str, text: str) -> Iterator[str]:
    whole = "\n".join(filter(None, (text, numbered(titles))))
    size = sms_size(cheap(whole, "gsm"))
    limit = SEGMENTS_MOST_ASKED if name in MOST_ASKED or name.startswith("crisis_") else SEGMENTS
    if size.segments > limit:
        yield f"{where}: {size.segments} SMS segments; {limit} at most: shorten `sms`"


def _file(language: str, domain: str = "answers") -> str:
    if language == SOURCE_LANGUAGE:
        return "data/answers" if domain == "answers" else "data/phrases.yml"
    return f"locales/{language}/LC_MESSAGES/{domain}.po"
