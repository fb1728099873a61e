"""Which files there are, and how each is read into objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.content import pofiles, yamlfiles
from console.content.models import (
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
from console.content.models.phrase import FILE as PHRASES_FILE

PATTERNS = (
    "data/facts/*.yml",
    "data/contacts/*.yml",
    "data/answers/*/*.yml",
    PHRASES_FILE,
    "data/stopwords/*.yml",
    "data/commands/*.yml",
    "data/crisis/*.yml",
    "data/guides/*.yml",
    "data/nlu/*/*.yml",
    "locales/*/LC_MESSAGES/*.po",
)
_EXAMPLE = re.compile(r"^\s*- (?P<text>.*)$")


def paths(root: Path) -> list[Path]:
    """Return every content file below ``root``."""
    return [path for pattern in PATTERNS for path in sorted(root.glob(pattern))]


def read(path: str, content: bytes) -> Iterator[Any]:
    """Yield the unsaved objects of one file; ``path`` is relative to the project's root."""
    parts = path.split("/")
    if parts[0] == "locales":
        yield from _translations(path, parts[1], parts[-1].removesuffix(".po"), content)
        return
    text = content.decode("utf-8")
    folder = parts[1]
    if folder in ("crisis", "guides"):
        whole = CrisisRuleSet if folder == "crisis" else Guide
        yield whole.read(path, parts[-1].removesuffix(".yml"), text)
    elif folder == "nlu":
        yield from _training(path, parts[2], text)
    else:
        data = yamlfiles.load(text) or {}
        if folder in ("facts", "contacts"):
            kind = Fact if folder == "facts" else Contact
            for place, item in enumerate(data.get(folder) or ()):
                yield kind.read(path, item["id"], item, place)
        elif folder == "answers":
            yield Answer.read(path, data["answer"], data)
        else:
            mapped = Phrase if path == PHRASES_FILE else CommandWords
            for place, (key, value) in enumerate(data.items()):
                yield mapped.read(path, key, value, place)


def identity(each: Any) -> tuple[str, ...]:
    """Return what makes an object the same one in the database and in a file."""
    if isinstance(each, TrainingPhrase):
        return each.language, each.label, each.text
    if isinstance(each, Translation):
        return each.language, each.name
    if isinstance(each, CommandWords):
        return each.language, each.command
    return (each.entry_key,)


def lines(examples: str) -> list[str]:
    """Return the phrases of an ``examples: |`` block."""
    return [found["text"].strip() for line in examples.splitlines() if (found := _match(line))]


def _match(line: str) -> re.Match[str] | None:
    return _EXAMPLE.match(line)


def _training(path: str, language: str, text: str) -> Iterator[TrainingPhrase]:
    place = 0
    for block in (yamlfiles.load(text) or {}).get("nlu") or ():
        label = str(block.get("intent", "")).removeprefix("faq/")
        seen: set[str] = set()
        for phrase in lines(block.get("examples") or ""):
            if not label or phrase in seen:
                continue
            seen.add(phrase)
            made = TrainingPhrase(file=path, language=language, label=label, position=place)
            made.fill(phrase)
            place += 1
            yield made


def _translations(path: str, language: str, domain: str, content: bytes) -> Iterator[Translation]:
    by_name: dict[str, dict[str, Any]] = {}
    for text in pofiles.texts(pofiles.read(content), domain):
        by_name.setdefault(text.name, {})[text.place] = text.entry()
    for place, (name, texts) in enumerate(by_name.items()):
        made = Translation(
            file=path, language=language, name=name, key=f"{language}:{name}", position=place
        )
        made.fill(texts)
        yield made
