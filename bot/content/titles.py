"""The words on a button."""

from __future__ import annotations

from bot.content.model import Release
from bot.languages import LANGUAGES, country_name, own_name
from bot.payloads import parse

SHORT_NAMES = {"US"}  # whose full name does not fit a button


def title(payload: str, release: Release, language: str) -> str:
    """Return what a button says, in the person's language; raise ``KeyError`` if nothing fits."""
    parsed = parse(payload)
    if parsed is None:
        raise KeyError(payload)
    kind, value = parsed
    if kind == "a":
        found = release.answer(value, language)
        if found is None:
            raise KeyError(payload)
        return found[0].title
    if kind in ("c", "o"):
        return country_name(value, language)
    if kind == "l" and value in LANGUAGES:
        return own_name(value)
    return release.phrase(f"choice_{value}", language)
