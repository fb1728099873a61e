"""What one language's rules and signs say about a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.crisis.lexicon import Lexicon
from bot.crisis.matching import Message, Spans, find, hull
from bot.crisis.patterns import Pattern
from bot.crisis.words import Words, read

GENERAL = "general"  # the type of a danger that is clear, though not which one
CANCEL_REACH = 15  # words between a cancel and what it cancels
_ALONE_WORDS = 6
_FURTHER_LINES = (0, 0, 1, 2)  # points for one, two, three lines of one sign beyond its own


@dataclass(frozen=True)
class Rule:
    """One rule as written in a file: its lines under ``when``, or those under ``perhaps``."""

    name: str
    type: str
    patterns: tuple[Pattern, ...]
    unless: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True)
class Sign:
    """Something that people in danger mention; without a type it only adds to others.

    One sign is never enough: ``Language.weigh`` adds them up.
    """

    name: str
    type: str
    points: int
    patterns: tuple[Pattern, ...]


@dataclass
class Language:
    """Everything one file says, ready to be looked for."""

    name: str
    apostrophe: str
    short_forms: dict[str, tuple[str, ...]]
    common: frozenset[str]
    alone: frozenset[tuple[str, ...]]
    negations: frozenset[str]
    between: frozenset[str]
    asks: frozenset[str]  # with one of these a question begins
    begins: frozenset[str]  # with one of these too, if it is the first word of the clause
    still: frozenset[str]  # before a cancel they keep it from cancelling: "desde hace años"
    lexicon: Lexicon
    enough: int = 5  # points at which signs together are a crisis
    rules: list[Rule] = field(default_factory=list)
    doubts: list[Rule] = field(default_factory=list)  # the lines under ``perhaps``
    signs: list[Sign] = field(default_factory=list)
    unless: tuple[str, ...] = ()  # cancels of every rule
    signs_unless: tuple[str, ...] = ()  # cancels of the signs, anywhere in the message
    soft: tuple[str, ...] = ()  # cancels that leave a doubt: help is named under the answer
    cancels: dict[str, tuple[Pattern, ...]] = field(default_factory=dict)
    blockers: dict[str, frozenset[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    _index: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _doubt_index: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _sign_index: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    # The message at hand, which is asked about twice.
    _read: tuple[str, Words] = ("", Words([], frozenset()))
    _said: tuple[Words, Message] | None = None

    @cached_property
    def denials(self) -> frozenset[str]:
        """What stands before a cancel and keeps it from cancelling."""
        return self.negations | self.still

    def read(self, folded: str) -> Words:
        """Return the words of a folded text as this language writes them."""
        if self._read[0] != folded:
            self._read = folded, read(folded, self.apostrophe, self.short_forms)
        return self._read[1]

    def share(self, words: Sequence[str]) -> float:
        """Return which share of the words is common in this language."""
        return sum(word in self.common for word in words) / (len(words) or 1)

    def hits(self, message: Message, despite: Sequence[str] = ()) -> Iterator[Rule]:
        """Yield the rules that a message meets, those under ``perhaps`` last.

        What is asked, or told beside something calm or something that cancels most rules, is
        not sure. The cancels named in ``despite`` cancel nothing.
        """
        for rules, index in ((self.rules, self._index), (self.doubts, self._doubt_index)):
            plain = -1
            for number, place in _candidates(index, message):
                rule = rules[number]
                if number == plain:
                    continue
                told = list(self._met(rule, rule.patterns[place], message, despite))
                plainly = rule.sure and any(
                    not self._asked(spans, message)
                    and not self._cancelled(rule.despite, spans, message)
                    for spans in told
                )
                if plainly:
                    plain = number
                if told:
                    yield replace(rule, sure=plainly and not self._is_calm(message))

    def weigh(self, message: Message) -> tuple[int, list[Sign]]:
        """Return the points of all signs in a message, and the signs, once per line that is met.

        The first line of a sign brings its points; of two more, each adds one (or takes one).
        The same words count for one sign of danger only.
        """
        met: dict[int, int] = defaultdict(int)
        taken: set[int] = set()
        for number, place in _candidates(self._sign_index, message):
            sign = self.signs[number]
            if not message.may_hold(sign.patterns[place]):
                continue
            spans = next(find(sign.patterns[place], message, self.negations), None)
            places = {at for start, end in spans or () for at in range(start, end)}
            if spans is None or (sign.type and places <= taken):
                continue
            met[number] += 1
            if sign.type:
                taken |= places
        points = 0
        signs: list[Sign] = []
        for number, lines in met.items():
            sign = self.signs[number]
            further = _FURTHER_LINES[min(lines, 3)]
            points += sign.points - further if sign.points < 0 else sign.points
            points += further if sign.type else 0
            signs += [sign] * lines
        return points, sorted(signs, key=lambda sign: -sign.points)

    def signs_of_danger(self, message: Message) -> Rule | None:
        """Return a rule made of the signs in a message if together they are enough.

        Signs of several types name none: two times in three the first one was wrong.
        """
        points, signs = self.weigh(message)
        grave = [sign for sign in signs if sign.type and sign.points > 0]
        if points < self.enough or len(grave) < 2 or self.calls_off(message, self.signs_unless):
            return None
        kind = grave[0].type if len({sign.type for sign in grave}) == 1 else GENERAL
        return Rule("+".join(dict.fromkeys(sign.name for sign in grave)), kind, (), sure=False)

    def calls_off(self, message: Message, names: Sequence[str]) -> bool:
        """Return whether one of these cancels stands anywhere in a message."""
        return any(self._cancels(message, name) for name in names)

    def is_alone(self, words: Words) -> bool:
        """Return whether a message is nothing but a word that is a crisis by itself."""
        said = tuple(words.words[: _ALONE_WORDS + 1])
        if not said or len(said) > _ALONE_WORDS:
            return False
        one = said[0] if len(set(said)) == 1 else ""
        return said in self.alone or (one,) in self.alone

    def index(self) -> None:
        """Note under each word the patterns that cannot match without one like it."""
        self._index = self._index_of([rule.patterns for rule in self.rules])
        self._doubt_index = self._index_of([rule.patterns for rule in self.doubts])
        self._sign_index = self._index_of([sign.patterns for sign in self.signs])

    def _index_of(self, patterns: Sequence[Sequence[Pattern]]) -> dict[str, list[tuple[int, int]]]:
        index: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, several in enumerate(patterns):
            for place, pattern in enumerate(several):
                # Its least everyday one: by "me" or "la" each message would meet hundreds.
                for word in min(pattern.first_words, key=self._everyday):
                    index[word].append((number, place))
        return dict(index)

    def _everyday(self, words: frozenset[str]) -> tuple[int, int]:
        return len(words & self.common), len(words)

    def message(self, words: Words) -> Message:
        """Return a message with the words of the rules that each of its words may stand for."""
        if self._said is None or self._said[0] is not words:
            self._said = words, self._heard(words)
        return self._said[1]

    def _heard(self, words: Words) -> Message:
        atoms: list[frozenset[str]] = []
        spelled: list[str] = []
        stops: set[int] = set()
        asked: set[int] = set()
        for place, word in enumerate(words.words):
            if place in words.stops:
                stops.add(len(atoms))
            if place in words.asked:
                asked.add(len(atoms))
            for meant in self.lexicon.meant(word):
                atoms.append(meant.atoms)
                spelled.append(meant.spelled)
        if len(words.words) in words.asked:  # at the very end
            stops.add(len(atoms))
            asked.add(len(atoms))
        return Message(atoms, frozenset(stops), self.between, spelled, frozenset(asked))

    def _met(
        self, rule: Rule, pattern: Pattern, message: Message, despite: Sequence[str]
    ) -> Iterator[Spans]:
        """Yield where a line of a rule stands and nothing cancels it."""
        if not message.may_hold(pattern):
            return
        ties = (self.blockers[name] for name in rule.unless if name in self.blockers)
        blockers = self.negations.union(*ties)
        unless = [name for name in rule.unless if name not in despite]
        for spans in find(pattern, message, blockers):
            if not self._cancelled(unless, spans, message):
                yield spans

    def _asked(self, spans: Spans, message: Message) -> bool:
        return message.asks(spans, self.asks, self.begins)

    def _is_calm(self, message: Message) -> bool:
        """Return whether something is told, not asked, that people in danger do not mention."""
        return any(
            not self._asked(spans, message)
            for number, place in _candidates(self._sign_index, message)
            if self.signs[number].points < 0
            for spans in find(self.signs[number].patterns[place], message, self.negations)
        )

    def _cancelled(self, unless: Sequence[str], spans: Spans, message: Message) -> bool:
        start, end = hull(spans)
        return any(
            chain[-1][1] >= start - CANCEL_REACH and chain[0][0] <= end + CANCEL_REACH
            for name in unless
            for chain in self._cancels(message, name)
        )

    def _cancels(self, message: Message, name: str) -> list[Spans]:
        return message.cancels(name, self.cancels.get(name, ()), self.denials)


def _candidates(
    index: Mapping[str, Sequence[tuple[int, int]]], message: Message
) -> list[tuple[int, int]]:
    return sorted({found for atom in message.present for found in index.get(atom, ())})
