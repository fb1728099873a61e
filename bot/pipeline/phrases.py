"""The training phrases with their languages, which Rasa drops when it merges the files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from bot.content.files import read_yaml
from bot.identify import OURS

Told = TypeVar("Told", bound="tuple[str, ...]")


def phrases(folder: Path) -> list[tuple[str, str]]:
    """Return (phrase, language) pairs in order; a phrase's language is its file's folder."""
    return [(text, language) for text, _, language in labelled(folder)]


def labelled(folder: Path) -> list[tuple[str, str, str]]:
    """Return (phrase, label, language) in the same order; "faq/visa" has the label "visa"."""
    found = []
    for language in OURS:
        for path in sorted((folder / language).glob("*.yml")):
            for block in read_yaml(path).get("nlu") or []:
                label = str(block.get("intent", "")).rpartition("/")[2]
                examples = (block.get("examples") or "").splitlines()
                said = [line[2:].strip() for line in examples if line[:2] == "- "]
                found += [(text, label, language) for text in said]
    return found


def by_lot(told: Iterable[Told]) -> list[Told]:
    """Return tuples that begin with a text in the order of their hashes, to draw the first of.

    One text more or less changes no other's luck.
    """
    return sorted(told, key=lambda one: hashlib.sha256(one[0].encode()).digest())


def drawn(phrases: Iterable[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """Return at most so many (phrase, language) pairs of each language, by lot."""
    kept: dict[str, list[tuple[str, str]]] = {}
    for text, language in by_lot(phrases):
        said = kept.setdefault(language, [])
        if len(said) < most:
            said.append((text, language))
    return [one for said in kept.values() for one in said]


def lines(path: Path) -> list[str]:
    """Return the lines of a word list, without empty ones and comments; none if it is missing."""
    if not path.exists():
        return []
    every = path.read_text(encoding="utf-8").splitlines()
    return [line for line in every if line.strip() and not line.startswith("#")]


def digest(folders: Iterable[Path]) -> str:
    """Return a hash of everything in some folders: what was learnt from them is as old as that."""
    made = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.*")):
            made.update(path.name.encode() + path.read_bytes())
    return made.hexdigest()
