"""The rule language: ``mi hijo ... (secuestr* | lo tienen)`` read into something to look for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

NEAR, FAR, ANYWHERE = 2, 8, 12  # words that may stand between neighbours; around "..."; around "+"
HERE = "_"  # in a cancel: the words that were found

_PIECE = re.compile(r"\(([^()]*)\)|\{(\w+)\}|(\.\.\.|\+)|([^\s(){}|+]+)")


class PatternError(ValueError):
    """A pattern that cannot be read; the text says what to mend."""


@dataclass(frozen=True, eq=False)
class Element:
    """One place of a pattern: any of these; words of one alternative stand directly together."""

    alternatives: frozenset[tuple[str, ...]]
    person: bool = False  # a "no" before a person says nothing about what happened

    @cached_property
    def by_first(self) -> dict[str, list[tuple[str, ...]]]:
        """The alternatives by their first word."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for words in self.alternatives:
            found.setdefault(words[0], []).append(words)
        return found


@dataclass(frozen=True, eq=False)
class Pattern:
    """Parts in any order; in each, elements in their order, with the words allowed before each."""

    parts: tuple[tuple[tuple[Element, int], ...], ...]
    text: str

    @cached_property
    def first_words(self) -> tuple[frozenset[str], ...]:
        """The first words of each element, the rarest element first: one of each must be there."""
        firsts = (frozenset(words[0] for words in each.alternatives) for each in self.elements())
        return tuple(sorted(firsts, key=len))

    def elements(self) -> Iterator[Element]:
        for part in self.parts:
            for element, _ in part:
                yield element


def read_pattern(text: str, groups: Mapping[str, Element], near: int = NEAR) -> Pattern:
    """Return the pattern that ``text`` writes; raise ``PatternError`` with what to mend.

    >>> [len(part) for part in read_pattern("mi (hijo | hija) ... secuestr* + ayuda", {}).parts]
    [3, 1]
    """
    parts: list[list[tuple[Element, int]]] = [[]]
    gap = near
    at = 0
    for found in _PIECE.finditer(text):
        if text[at : found.start()].strip():
            raise PatternError(f"cannot read {text[at : found.start()].strip()!r} in {text!r}")
        at = found.end()
        inside, group, joint, word = found.groups()
        if joint == "+":
            if not parts[-1]:
                raise PatternError(f"nothing stands before a + in {text!r}")
            parts.append([])
        elif joint:
            gap = FAR
        else:
            if group is not None:
                if group not in groups:
                    raise PatternError(f"there is no group {{{group}}}; correct the name or add it")
                element = groups[group]
            else:
                element = read_element([inside if inside is not None else word], groups)
            parts[-1].append((element, gap))
            gap = near
    if text[at:].strip() or not all(parts):
        raise PatternError(f"{text!r} is not complete; close brackets, put words around a +")
    return Pattern(tuple(tuple(part) for part in parts), text)


def read_element(
    lines: Sequence[str], groups: Mapping[str, Element], person: bool = False
) -> Element:
    """Return any of the alternatives in ``lines``, which ``|`` separates; groups may stand in."""
    found: set[tuple[str, ...]] = set()
    for line in lines:
        for alternative in str(line).split("|"):
            words = alternative.split()
            if not words:
                raise PatternError(f"an alternative is empty in {line!r}; take out one |")
            if len(words) == 1 and words[0][0] == "{":
                name = words[0].strip("{}")
                if name not in groups:
                    raise PatternError(f"there is no group {{{name}}}; correct the name or add it")
                found |= groups[name].alternatives
            else:
                found.add(tuple(words))
    return Element(frozenset(found), person)
