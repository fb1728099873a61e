"""Countries as people name them; the names are content (``data/places.yml``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """A country named in a text; ``role`` is "o" after "I am from", "c" after "I am in", or ""."""

    code: str
    role: str
    alone: bool  # the text says little else


def fold(text: str) -> str:
    """Return text in lower case without accents, ñ kept, punctuation as blanks.

    >>> fold("¿Estás en MÉXICO?")
    'estas en mexico'
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("ñ", "\0"))
    if not plain.isascii():
        plain = "".join(char for char in plain if unicodedata.category(char) != "Mn")
    return " ".join(re.sub(r"[^\w\0]+", " ", plain).replace("\0", "ñ").split())


class Names:
    """All names of countries and peoples, ready to be looked for.

    ``names`` and ``people`` map a country code to what it and its people are called;
    ``before`` lists, under "origin", "here" and "inside", the words that may stand before a
    country and say what it is to the person, or to what is told.
    """

    def __init__(
        self,
        names: Mapping[str, Sequence[str]],
        people: Mapping[str, Sequence[str]],
        before: Mapping[str, Sequence[str]],
    ) -> None:
        self._known = {fold(name): (code, "") for code, listed in names.items() for name in listed}
        self._known |= {
            fold(name): (code, "o") for code, listed in people.items() for name in listed
        }
        longest_first = sorted(self._known, key=len, reverse=True)
        self._pattern = re.compile(r"\b(" + "|".join(map(re.escape, longest_first)) + r")\b")
        self._before = [
            (role, sorted((fold(words) for words in before.get(kind, ())), key=len, reverse=True))
            for kind, role in (("origin", "o"), ("here", "c"))
        ]
        self._inside = tuple(f" {fold(words)}" for words in before.get("inside", ()))

    def find(self, text: str) -> list[Place]:
        """Return the countries a text names, in order."""
        folded = fold(text)
        found: list[tuple[str, str]] = []
        others, end = 0, 0  # words that are neither a place nor lead up to one
        for match in self._pattern.finditer(folded):
            code, role = self._known[match.group(1)]
            said, rest = self._opening(folded[end : match.start()].strip())
            found.append((code, said or role))
            others, end = others + len(rest.split()), match.end()
        alone = others + len(folded[end:].split()) <= max(1, len(found))
        return [Place(code, role, alone) for code, role in found]

    def scene(self, text: str) -> str | None:
        """Return the country where what a text tells is happening, if it names one and only one.

        Where somebody is from, or is going to, is not where the danger is.
        """
        folded, found = fold(text), set()
        for match in self._pattern.finditer(folded):
            ahead = f" {folded[: match.start()].strip()}"
            if ahead.endswith(self._inside) or self._opening(ahead.strip())[0] == "c":
                found.add(self._known[match.group(1)][0])
        return found.pop() if len(found) == 1 else None

    def where(self, text: str, known: str | None) -> str | None:
        """Return whose numbers to give to somebody in danger; None for those of all countries.

        "We are in Mexico" counts for more than what is ``known``. That somebody is held in Mexico
        may be told there or from home, so that both countries' numbers are needed.
        """
        here = {place.code for place in self.find(text) if place.role == "c"}
        if len(here) == 1:
            return here.pop()
        scene = self.scene(text)
        return known if scene in (None, known) else None

    def _opening(self, ahead: str) -> tuple[str, str]:
        """Return the role that the words before a name give it, and what stands before them."""
        for role, openings in self._before:
            for opening in openings:
                if f" {ahead}".endswith(f" {opening}"):
                    return role, ahead.removesuffix(opening).strip()
        return "", ahead
