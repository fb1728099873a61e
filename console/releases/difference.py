"""What people would notice: the composed texts of two releases, where they differ.

Only answers that can differ are composed: their words changed, a fact they name did, or one
of Faro's own phrases. Channels, languages and countries that change alike are shown once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from bot.content.compose import Person, compose
from bot.content.model import CHANNELS, SOURCE_LANGUAGE, Answer, Content, Release
from bot.content.placeholders import named

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass
class Change:
    """One answer that reads differently, and for whom."""

    name: str
    title: str
    before: str
    after: str
    where: list[tuple[str, str, str]] = field(default_factory=list)  # language, country, channel

    @property
    def words(self) -> tuple[SafeString, SafeString]:
        return marked(self.before, self.after)


@dataclass(frozen=True)
class Difference:
    """All of it: answers, and in one line each what no answer shows."""

    changes: tuple[Change, ...]
    others: tuple[tuple[str, str], ...]  # kind, name

    def __bool__(self) -> bool:
        return bool(self.changes or self.others)


def difference(before: Content, after: Content, today: date) -> Difference:
    """Return what differs for people between two contents."""
    changes: dict[tuple[str, str, str], Change] = {}
    for language in sorted({*before.answers, *after.answers}, key=lambda code: code != "es"):
        for name in _names(before, after, language):
            for key, old, new in _said(before, after, name, language, today):
                if old == new:
                    continue
                title = _title(after, name) or _title(before, name)
                change = changes.setdefault((name, old, new), Change(name, title, old, new))
                change.where.append((language, *key))
    return Difference(tuple(changes.values()), tuple(_others(before, after)))


def _names(before: Content, after: Content, language: str) -> list[str]:
    """Return the answers that may read differently in a language."""
    facts = {
        name
        for name in {*before.facts, *after.facts}
        if before.facts.get(name) != after.facts.get(name)
    }
    all_names = {*before.answers[SOURCE_LANGUAGE], *after.answers[SOURCE_LANGUAGE]}
    if before.phrases.get(language) != after.phrases.get(language) or facts & _contacts(after):
        return sorted(all_names)
    if before.banners != after.banners:
        return sorted(all_names)
    pairs = {n: (_found(before, n, language), _found(after, n, language)) for n in all_names}
    renamed = {n for n, (old, new) in pairs.items() if not (old and new and old.title == new.title)}
    return sorted(
        name
        for name, (old, new) in pairs.items()
        if old != new or facts & _facts_of(new) or (new and renamed & set(new.next))
    )


def _said(
    before: Content, after: Content, name: str, language: str, today: date
) -> Iterator[tuple[tuple[str, str], str, str]]:
    releases = Release(0, "", before), Release(0, "", after)
    answers = [content.answers[SOURCE_LANGUAGE].get(name) for content in (before, after)]
    countries = {code for answer in answers if answer for code in answer.countries}
    countries |= {banner.country for content in (before, after) for banner in content.banners}
    for country in ["", *sorted(countries - {""})]:
        for channel in CHANNELS:
            person = Person(language, country or None, country or None, channel)
            old, new = (_compose(release, name, person, today) for release in releases)
            yield (country, channel), old, new


def _compose(release: Release, name: str, person: Person, today: date) -> str:
    try:
        said = compose(release, name, person, today)
    except KeyError:
        return ""
    answers = release.content.answers
    titles = [
        title.title
        for label in said.next
        if (title := answers.get(said.language, {}).get(label) or answers["es"].get(label))
    ]
    return "\n".join([said.text, *(f"[{title}]" for title in titles)])


def _found(content: Content, name: str, language: str) -> Answer | None:
    return content.answers.get(language, {}).get(name) or content.answers["es"].get(name)


def _facts_of(answer: Answer | None) -> set[str]:
    if answer is None:
        return set()
    wordings = [answer.general, *answer.countries.values()]
    texts = [text for w in wordings for text in (w.text, w.sms, w.telegram)]
    return {name for text in texts for name in named(text)}


def _contacts(content: Content) -> set[str]:
    """Contacts that play a role are named by it, not by their own name."""
    return {name for name, fact in content.facts.items() if getattr(fact, "role", "")}


def _title(content: Content, name: str) -> str:
    answer = content.answers[SOURCE_LANGUAGE].get(name)
    return answer.title if answer else ""


def _others(before: Content, after: Content) -> Iterator[tuple[str, str]]:
    for language in sorted({*before.answers, *after.answers}):
        for name in sorted({*before.answers["es"], *after.answers["es"]}):
            old, new = _found(before, name, language), _found(after, name, language)
            was, now = old.title if old else "—", new.title if new else "—"
            if was != now:
                yield "title", f"{language}: {name}: {was} → {now}"
    for name in sorted({*before.facts, *after.facts}):
        if before.facts.get(name) != after.facts.get(name):
            yield "fact", name
    for language in sorted({*before.words, *after.words}):
        if before.words.get(language) != after.words.get(language):
            yield "words", language
    for language in sorted({*before.crisis, *after.crisis}):
        if before.crisis.get(language) != after.crisis.get(language):
            yield "crisis", language
    for name in sorted({*before.guides, *after.guides}):
        if before.guides.get(name) != after.guides.get(name):
            yield "guide", name
    for language in sorted({*before.phrases, *after.phrases}):
        old, new = before.phrases.get(language, {}), after.phrases.get(language, {})
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                yield "phrase", f"{language}: {key}"


def marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Return both texts, escaped, with what is gone and what is new marked.

    >>> marked("cuesta 100", "cuesta 105")[1]
    'cuesta <ins>105</ins>'
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    left, right = [], []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[a:b])), escape("".join(new[c:d]))
        left.append(gone if kind == "equal" or not gone else f"<del>{gone}</del>")
        right.append(come if kind == "equal" or not come else f"<ins>{come}</ins>")
    return mark_safe("".join(left)), mark_safe("".join(right))  # noqa: S308 - escaped above
