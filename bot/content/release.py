"""Makes a release of checked content: numbered, hashed, complete (contract 1)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from bot.content.codec import ContentError, plain, read_release
from bot.content.model import Content, Release


def build(content: Content, number: int) -> Release:
    """Return ``content`` as release ``number``. Check it first (``checks.problems``)."""
    return Release(number, _hash(plain(content)), content)


def _hash(content: Any) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


# Where a mistake in a translation costs least. Everything else is about law, numbers or danger.
UNCRITICAL_THEMES = frozenset({"risks", "myths", "return", "chat"})


def for_production(content: Content) -> Content:
    """Return ``content`` without unreviewed translations where a mistake could harm.

    People then get those answers in Spanish, whole.
    """
    return replace(
        content,
        answers={
            language: {
                name: answer
                for name, answer in answers.items()
                if answer.reviewed or answer.theme in UNCRITICAL_THEMES
            }
            for language, answers in content.answers.items()
        },
    )


def dump(release: Release) -> str:
    """Return a release as its one JSON document."""
    return json.dumps(
        {
            "number": release.number,
            "hash": release.hash,
            "content": plain(release.content),
        },
        ensure_ascii=False,
    )


def load(document: str | bytes) -> Release:
    """Return the release of a JSON document; raise ``ContentError`` if it was changed since.

    The hash is over what was published, not over what we read from it: a release from before
    a field existed is still the same release.
    """
    data = json.loads(document)
    if _hash(data["content"]) != data["hash"]:
        raise ContentError([f"release {data['number']} is not what was published: hash differs"])
    return read_release(data)
