"""The words on a button."""

from __future__ import annotations

from bot.content.local import say_country
from bot.content.model import Release
from bot.languages import LANGUAGES, own_name
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
        return say_country(release, value, language)
    if kind == "l" and value in LANGUAGES:
        return own_name(value)
    if kind == "g":
        name, _, answered = value.partition(".")
        choice = answered.rpartition(".")[2]
        if choice.isupper():
            return say_country(release, choice, language)
        return release.phrase(f"choice_{choice or f'guide_{name}'}", language)
    names = {"u": "helpful", "d": "not_helpful", "w": f"why_{value.rpartition('.')[2]}"}
    return release.phrase(f"choice_{names.get(kind, value)}", language)
