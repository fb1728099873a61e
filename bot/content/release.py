"""Makes a release of checked content: numbered, hashed, complete (contract 1)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from bot.content.codec import ContentError, plain, read_release
from bot.content.model import Content, Release


def build(content: Content, number: int) -> Release:
    """Return ``content`` as release ``number``. Check it first (``checks.problems``)."""
    said = plain(content)
    if not content.banners:  # so that releases from before there were banners keep their hash
        del said["banners"]
    if not content.guides:  # likewise
        del said["guides"]
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return Release(number, hashlib.sha256(canonical.encode()).hexdigest(), content)


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
    """Return the release of a JSON document; raise ``ContentError`` if it was changed since."""
    release = read_release(json.loads(document))
    if build(release.content, release.number).hash != release.hash:
        raise ContentError([f"release {release.number} is not what was published: hash differs"])
    return release
