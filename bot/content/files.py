"""Reads ``data/`` and ``locales/`` into content. The one place that knows where what is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.content.codec import ContentError, read
from bot.content.model import SOURCE_LANGUAGE, Answer, Contact, Content, Fact
from bot.content.po import Catalog, translated
from bot.guides import Guide


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader to which ``no``, ``on`` and ``yes`` are words, as they are to our writers."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def read_yaml(path: Path) -> Any:
    """Return a YAML file's data; raise ``ContentError`` with file and line if it is broken."""
    return parse_yaml(path.read_text(encoding="utf-8"), path)


def parse_yaml(text: str, path: Path | str) -> Any:
    """Return the data of a YAML text; ``path`` is only for the error's words."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise ContentError([f"{path}{line}: {problem}"]) from error


def _read(kind: type[Any], data: Any, path: Path, name: str) -> Any:
    try:
        return read(kind, data)
    except ContentError as error:
        raise ContentError([f"{path}: {name}: {problem}" for problem in error.problems]) from error


def _facts(data: Path, problems: list[str]) -> Iterator[Fact]:
    """Yield every fact that can be read; append the others' problems."""
    for folder, kind in (("facts", Fact), ("contacts", Contact)):
        for path in sorted((data / folder).glob("*.yml")):
            try:
                items = (read_yaml(path) or {}).get(folder) or []
            except ContentError as error:
                problems += error.problems
                continue
            for item in items:
                if kind is Contact:
                    item = {"role": "", "claim": item.get("who", ""), **item}
                try:
                    yield _read(kind, item, path, str(item.get("id", "an entry without id")))
                except ContentError as error:
                    problems += error.problems


def read_answer(data: Any, path: Path) -> Answer:
    """Return one answer from the data of its file."""
    if not isinstance(data, dict) or "answer" not in data:
        raise ContentError([f"{path}: has no `answer:` line that names it"])
    known = {"answer", "title", "asks", "text", "sms", "telegram", "countries", "next", "note"}
    if extra := set(data) - known:
        raise ContentError([f"{path}: unknown key {', '.join(sorted(extra))}"])
    flat = {
        "name": data["answer"],
        "title": data.get("title", ""),
        "asks": data.get("asks") or "",
        "general": {k: data[k].strip() for k in ("text", "sms", "telegram") if data.get(k)},
        "countries": {
            code: {k: text.strip() for k, text in wording.items()}
            for code, wording in (data.get("countries") or {}).items()
        },
        "next": data.get("next") or [],
        "note": data.get("note") or "",
        "theme": path.parent.name,
    }
    # A country may change only the form it needs; the other forms stay the general ones.
    for wording in flat["countries"].values():
        wording.setdefault("text", flat["general"].get("text", ""))
    answer: Answer = _read(Answer, flat, path, str(flat["name"]))
    return answer


def _words(data: Path) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the words that are commands when they stand alone, by language and command."""
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    for folder in ("stopwords", "commands"):
        for path in sorted((data / folder).glob("*.yml")):
            words.setdefault(path.stem, {}).update(
                {
                    kind: tuple(str(word) for word in listed)
                    for kind, listed in read_yaml(path).items()
                }
            )
    return words


def read_guides(data: Path) -> dict[str, Guide]:
    """Return the guided conversations by name."""
    guides = [read_guide(read_yaml(path), path) for path in sorted((data / "guides").glob("*.yml"))]
    return {guide.name: guide for guide in guides}


def read_guide(data: Any, path: Path) -> Guide:
    """Return one guided conversation from the data of its file."""
    found = dict(data)
    found["name"] = found.pop("guide", path.stem)
    guide: Guide = _read(Guide, found, path, found["name"])
    return guide


def read_content(root: Path) -> Content:
    """Return all content under ``root``; raise ``ContentError`` with every unreadable place."""
    data = root / "data"
    problems: list[str] = []
    facts: dict[str, Fact] = {}
    answers: dict[str, Answer] = {}
    for fact in _facts(data, problems):
        if fact.id in facts:
            problems.append(f"data: two facts are called {fact.id}; rename one")
        facts[fact.id] = fact
    for path in sorted((data / "answers").glob("*/*.yml")):
        try:
            answer = read_answer(read_yaml(path), path.relative_to(root))
        except ContentError as error:
            problems += error.problems
            continue
        if answer.name in answers:
            problems.append(f"{path}: two answers are called {answer.name}; rename one")
        answers[answer.name] = answer
    if problems:
        raise ContentError(problems)
    phrases: dict[str, str] = read_yaml(data / "phrases.yml")
    catalogs = {
        folder.name: Catalog.load(folder / "LC_MESSAGES")
        for folder in sorted((root / "locales").iterdir())
        if folder.is_dir()
    }
    return Content(
        facts=facts,
        answers={
            SOURCE_LANGUAGE: answers,
            **{
                language: {
                    name: found
                    for name, answer in answers.items()
                    if (found := translated(answer, catalog))
                }
                for language, catalog in catalogs.items()
            },
        },
        phrases={
            SOURCE_LANGUAGE: phrases,
            **{language: catalog.phrases(phrases) for language, catalog in catalogs.items()},
        },
        words=_words(data),
        crisis={path.stem: read_yaml(path) for path in sorted((data / "crisis").glob("*.yml"))},
        guides=read_guides(data),
    )
