"""The approved rows as the content a release is made of (contract 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from threading import Lock
from typing import Any

from django.db.models import Count, Max

from bot.content import model
from bot.content.codec import read
from bot.content.files import parse_yaml, read_answer
from bot.content.model import SOURCE_LANGUAGE, Content
from bot.content.po import translated
from bot.languages import LANGUAGES
from console.content.models import (
    SNIPPETS,
    Answer,
    CommandWords,
    Contact,
    CrisisRuleSet,
    Fact,
    Guide,
    Phrase,
    TrainingPhrase,
    Translation,
)
from console.content.translations import DbCatalog

_kept: dict[str, tuple[Any, Content]] = {}
_lock = Lock()


def stamp() -> tuple[Any, ...]:
    """Return what changes whenever approved content does."""
    kinds = [
        tuple(
            each.objects.filter(live=True)
            .aggregate(count=Count("pk"), last=Max("last_published_at"))
            .values()
        )
        for each in SNIPPETS
        if each is not TrainingPhrase
    ]
    return (*kinds, Translation.objects.aggregate(latest=Max("latest_revision"))["latest"])


def approved() -> Content:
    """Return all approved content; kept in memory until something is approved."""
    now = stamp()
    with _lock:
        found = _kept.get("approved")
        if found is None or found[0] != now:
            found = _kept["approved"] = (now, build())
        return found[1]


def forget() -> None:
    """Read everything anew next time (translations were marked, which no stamp shows)."""
    with _lock:
        _kept.clear()


def build() -> Content:
    """Return the approved rows as content."""
    facts = [read_fact(row) for kind in (Fact, Contact) for row in _live(kind)]
    answers = {row.name: as_answer(row) for row in _live(Answer)}
    phrases = {row.key: row.text for row in _live(Phrase)}
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _live(CommandWords):
        words.setdefault(row.language, {})[row.command] = tuple(row.to_data())
    catalogs: dict[str, dict[str, Translation]] = {}
    for row in _live(Translation):
        catalogs.setdefault(row.language, {})[row.name] = row
    content = Content(
        facts={fact.id: fact for fact in facts},
        answers={SOURCE_LANGUAGE: answers},
        phrases={SOURCE_LANGUAGE: phrases},
        words=words,
        crisis={row.language: _parsed(row.text) for row in _live(CrisisRuleSet)},
        guides={row.name: row.content() for row in _live(Guide)},
    )
    for language in LANGUAGES:
        if language in catalogs:
            content = with_language(content, language, DbCatalog(catalogs[language]))
    return content


def with_language(content: Content, language: str, catalog: Any) -> Content:
    """Return ``content`` with one language made anew from a catalogue."""
    spanish = content.answers[SOURCE_LANGUAGE]
    found = {name: translated(answer, catalog) for name, answer in spanish.items()}
    return replace(
        content,
        answers={**content.answers, language: {n: a for n, a in found.items() if a}},
        phrases={
            **content.phrases,
            language: catalog.phrases(content.phrases[SOURCE_LANGUAGE]),
        },
    )


def with_answer(content: Content, answer: model.Answer) -> Content:
    """Return ``content`` as if one Spanish answer were approved; its translations follow suit."""
    answers = {
        **content.answers,
        SOURCE_LANGUAGE: {**content.answers[SOURCE_LANGUAGE], answer.name: answer},
    }
    for language in answers.keys() - {SOURCE_LANGUAGE}:
        row = Translation.objects.filter(language=language, name=answer.name, live=True).first()
        again = translated(answer, DbCatalog({answer.name: row} if row else {}))  # type: ignore[arg-type]
        others = {n: a for n, a in answers[language].items() if n != answer.name}
        answers[language] = {**others, answer.name: again} if again else others
    return replace(content, answers=answers)


def with_fact(content: Content, fact: model.Fact) -> Content:
    return replace(content, facts={**content.facts, fact.id: fact})


def read_fact(row: Any) -> model.Fact:
    """Return a row as a fact; raise ``ContentError`` if it cannot be one yet."""
    data = row.to_data()
    if isinstance(row, Contact):
        return read(model.Contact, {"role": "", "claim": row.who, "languages": [], **data})
    return read(model.Fact, data)


def as_answer(row: Any) -> model.Answer:
    return read_answer(row.to_data(), PurePosixPath(row.file or "data"))  # type: ignore[arg-type]


@lru_cache(maxsize=32)
def _parsed(text: str) -> Any:
    return parse_yaml(text, "crisis rules")


def _live(kind: Any) -> Iterable[Any]:
    return kind.objects.filter(live=True).order_by("file", "position", "pk")
