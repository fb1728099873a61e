"""Makes a release of checked content: numbered, hashed, complete (contract 1)."""

from __future__ import annotations

import hashlib
import json

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
