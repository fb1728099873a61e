"""How a message is read: once for its meaning (the encoder), once for its spelling (the grams)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from bot.gloss import gloss
from bot.normalise import Normaliser, tidy


class Reading(NamedTuple):
    """A message as the two halves of the topic model get it."""

    meaning: str
    spelling: str


class Reader:
    """Normalises a message; glosses it where the encoder does not know the language.

    ``glosses`` maps language -> word -> gloss.
    """

    def __init__(self, normaliser: Normaliser, glosses: Mapping[str, Mapping[str, str]]) -> None:
        self._normaliser = normaliser
        self._glosses = glosses

    @classmethod
    def learn(
        cls,
        abbreviations: Mapping[str, Mapping[str, str]],
        emoji: Mapping[str, str],
        glosses: Mapping[str, Mapping[str, str]],
        phrases: Iterable[tuple[str, str]],
    ) -> Reader:
        """Take the vocabulary from (text, language) pairs."""
        spoken = [(text, name) for text, name in phrases if name not in glosses]
        return cls(Normaliser.learn(abbreviations, emoji, spoken), glosses)

    def __call__(self, text: str, language: str) -> Reading:
        glosses = self._glosses.get(language)
        read = self._normaliser(text, language)
        if glosses is None:
            return Reading(read, read)
        meaning = gloss(read, glosses)
        return Reading(meaning, f"{tidy(text)} {meaning}")

    def as_data(self) -> dict[str, Any]:
        """Return what ``from_data`` makes an equal one of."""
        return {"normaliser": self._normaliser.as_data(), "glosses": self._glosses}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Reader:
        return cls(Normaliser(**data["normaliser"]), data["glosses"])
