"""How much of the approved Spanish is translated, and how much of that still holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.languages import LANGUAGES
from console.content.models import Answer, Translation
from console.content.models.translation import PHRASES
from console.content.translations import (
    CURRENT,
    LIVE,
    MEANING,
    MISSING,
    UNREAD,
    WORDING,
    places_of,
    source_places,
    status,
)

# Of an answer's texts, the one in the worst state decides how the whole answer stands.
WORST_FIRST = (MISSING, MEANING, WORDING, UNREAD, CURRENT)


@dataclass
class Row:
    """One language: texts by what they are worth, and the state of each answer."""

    language: str
    own: str
    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    answers: dict[str, str] = field(default_factory=dict)  # name -> state

    @property
    def percent(self) -> int:
        """Return the share of texts people get in this language."""
        said = sum(self.counts[state] for state in LIVE)
        return said * 100 // self.total if self.total else 0


def sources() -> dict[str, dict[str, str]]:
    """Return the approved Spanish texts: name -> place -> text."""
    found = {row.name: places_of(row) for row in Answer.objects.filter(live=True)}
    return {PHRASES: source_places(PHRASES), **found}


def coverage() -> list[Row]:
    """Return one row a language."""
    spanish = sources()
    known = {(row.language, row.name): row.texts for row in Translation.objects.filter(live=True)}
    rows = []
    for language, (own, _locale) in LANGUAGES.items():
        if language == "es":
            continue
        row = Row(language, own)
        for name, places in spanish.items():
            texts = known.get((language, name), {})
            states = Counter(status(texts.get(place), text) for place, text in places.items())
            row.counts += states
            row.total += len(places)
            row.answers[name] = next((s for s in WORST_FIRST if states[s]), CURRENT)
        rows.append(row)
    return rows
