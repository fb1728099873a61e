"""Finding the patterns of one language in one message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bot.crisis.patterns import ANYWHERE, Element, Pattern

Span = tuple[int, int]
Spans = tuple[Span, ...]
_CHAINS = 6  # ways to reach one place that are followed at the same time


@dataclass
class Message:
    """One message as one language reads it: where each word of the rules stands."""

    atoms: list[frozenset[str]]
    stops: frozenset[int]
    between: Collection[str]  # words that may stand between a "no" and what it denies
    plain: list[str]
    asked: frozenset[int] = frozenset()  # the stops that end a question
    _at: dict[str, list[int]] = field(default_factory=dict)
    _found: dict[Element, list[Span]] = field(default_factory=dict)
    _cancels: dict[str, list[Spans]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        at: dict[str, list[int]] = defaultdict(list)
        for place, atoms in enumerate(self.atoms):
            for atom in atoms:
                at[atom].append(place)
        self._at = dict(at)

    @property
    def present(self) -> Collection[str]:
        """The words of the rules that stand in the message."""
        return self._at.keys()

    def may_hold(self, pattern: Pattern) -> bool:
        """Return whether some word of every element stands in the message."""
        present = self._at.keys()
        return not any(map(present.isdisjoint, pattern.first_words))  # asked all the time

    def spans(self, element: Element) -> list[Span]:
        """Return where an element stands, in order."""
        found = self._found.get(element)
        if found is None:
            found = self._found[element] = sorted(
                {
                    (start, start + len(words))
                    for first in self._at.keys() & element.by_first.keys()
                    for words in element.by_first[first]
                    for start in self._at[first]
                    if self._continues(start, words)
                }
            )
        return found

    def cancels(
        self, name: str, patterns: Iterable[Pattern], denials: frozenset[str]
    ) -> list[Spans]:
        """Return where a cancel stands; looked for once, however many rules ask.

        Words that only a comma brings together cancel nothing: "he will call ICE, is outside".
        """
        found = self._cancels.get(name)
        if found is None:
            found = self._cancels[name] = [
                spans
                for pattern in patterns
                for spans in find(pattern, self, denials)
                if not any(
                    end == start and start in self.stops for (_, end), (start, _) in pairwise(spans)
                )
            ]
        return found

    def asks(self, spans: Spans, openers: Collection[str], begins: Collection[str]) -> bool:
        """Return whether what stands there is asked: "do they kidnap people", "kidnapped?".

        With one of ``openers`` a question begins, with one of ``begins`` only at the head of a
        clause. Told before a question it is not: "they kidnapped me, can I ask for asylum?"
        """
        start, end = hull(spans)
        begin = max((stop for stop in self.stops if stop <= start), default=0)
        close = min((stop for stop in self.stops if stop >= end), default=len(self.plain))
        ahead = self.plain[begin:start]
        if any(word in openers for word in ahead) or (ahead and ahead[0] in begins):
            return True
        return close in self.asked and not any(word in openers for word in self.plain[end:close])

    def _continues(self, start: int, words: tuple[str, ...]) -> bool:
        if start + len(words) > len(self.atoms):
            return False
        return all(word in self.atoms[start + i] for i, word in enumerate(words) if i)

    def before(self, start: int, starters: frozenset[str]) -> list[int]:
        """Return the places right before ``start`` that hold one of ``starters``.

        Small words such as "me lo han" may stand between, the end of a clause may not.
        """
        found = []
        place = start
        while place > 0 and place not in self.stops and start - place < 5:
            place -= 1
            if self.plain[place] in starters:
                found.append(place)
            elif self.plain[place] not in self.between:
                break
        return found


def find(pattern: Pattern, message: Message, blockers: frozenset[str]) -> Iterator[Spans]:
    """Yield where a pattern stands in a message, unless a blocker stands right before."""
    if not message.may_hold(pattern):
        return
    whole: list[Spans] = [()]
    for part in pattern.parts:
        chains = _chains(part, message, blockers)
        if not chains:
            return
        whole = [
            spans + chain
            for spans in whole[:_CHAINS]
            for chain in chains[:_CHAINS]
            if not spans or _apart(spans, chain) <= ANYWHERE
        ]
    yield from whole


def _chains(
    part: tuple[tuple[Element, int], ...],
    message: Message,
    blockers: frozenset[str],
) -> list[Spans]:
    chains: list[Spans] = []
    longer: list[Spans]
    for number, (element, gap) in enumerate(part):
        found = message.spans(element)
        if not found:
            return []
        if number == 0:
            longer = [(span,) for span in found]
        else:
            by_start: dict[int, list[Span]] = defaultdict(list)
            for span in found:
                by_start[span[0]].append(span)
            longer = []
            reached: dict[int, int] = defaultdict(int)
            for chain in reversed(chains):
                end = chain[-1][1]
                for start in range(end, end + gap + 1):
                    for span in by_start.get(start, ()):
                        if reached[span[1]] < _CHAINS:
                            reached[span[1]] += 1
                            longer.append((*chain, span))
            longer.sort(key=lambda spans: spans[-1])
        chains = [
            chain for chain in longer if element.person or not _blocked(chain, message, blockers)
        ]
    return chains


def _blocked(chain: Spans, message: Message, blockers: frozenset[str]) -> bool:
    return any(
        not any(start <= place < end for start, end in chain)
        for place in message.before(chain[-1][0], blockers)
    )


def _apart(one: Spans, other: Spans) -> int:
    """Return how many words stand between; far too many if they overlap."""
    first, last = sorted((hull(one), hull(other)))
    gap = last[0] - first[1]
    taken = {place for start, end in one for place in range(start, end)}
    crossing = any(place in taken for start, end in other for place in range(start, end))
    return ANYWHERE + 1 if crossing else max(gap, 0)


def hull(spans: Spans) -> Span:
    """Return from where to where all of these reach."""
    return min(start for start, _ in spans), max(end for _, end in spans)
