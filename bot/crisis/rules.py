"""The crisis rules of all languages, compiled once and asked for every message."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.crisis.lexicon import Lexicon
from bot.crisis.matching import Message, Spans, find
from bot.crisis.patterns import HERE, Element, Pattern, PatternError, read_element, read_pattern
from bot.crisis.words import Words, plain, read, sound_of

# In the order in which they are told apart when a message speaks of several.
TYPES = (
    "kidnapped",
    "locked_in",
    "river_desert",
    "child_lost",
    "suicide",
    "trafficked",
    "abuse",
    "threatened",
    "general",
)
CANCEL_REACH = 15  # words between a cancel and what it cancels
ALONE = "alone"  # the name of the rule of words that are a crisis when nothing else is said
_ALONE_WORDS = 6
_CLEAR = 0.3  # this share of common words says clearly which language it is
_WRITTEN = 0.7  # a language is written, perhaps among others, with this part of that share
_SPELLED = re.compile(r"\{\w+\}|\w+\*?")


@dataclass(frozen=True)
class Hit:
    """A crisis: its type, the language it was told in, the rule that found it."""

    type: str
    language: str
    rule: str


@dataclass(frozen=True)
class Rule:
    """One rule as written in a file."""

    name: str
    type: str
    patterns: tuple[Pattern, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sign:
    """Something that people in danger mention; without a type, or with minus points, it only weighs.

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
    still: frozenset[str]  # before a cancel they keep it from cancelling: "desde hace años"
    lexicon: Lexicon
    enough: int = 5  # points at which signs together are a crisis
    rules: list[Rule] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    signs_unless: tuple[str, ...] = ()  # cancels, anywhere in the message
    cancels: dict[str, tuple[Pattern, ...]] = field(default_factory=dict)
    blockers: dict[str, frozenset[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    _index: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _sign_index: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def read(self, folded: str) -> Words:
        """Return the words of a folded text as this language writes them."""
        return read(folded, self.apostrophe, self.short_forms)

    def share(self, words: Sequence[str]) -> float:
        """Return which share of the words is common in this language."""
        return sum(word in self.common for word in words) / (len(words) or 1)

    def hits(self, message: Message) -> Iterator[Rule]:
        """Yield the rules that a message meets, the first of the file first."""
        met = -1
        for number, place in _candidates(self._index, message):
            rule = self.rules[number]
            if number != met and self._meets(rule, rule.patterns[place], message):
                met = number
                yield rule

    def weigh(self, message: Message) -> tuple[int, list[Sign]]:
        """Return the points of all signs in a message, and the signs, the heaviest first."""
        denials = dict.fromkeys(self.negations, ())
        seen: dict[int, Sign] = {}
        for number, place in _candidates(self._sign_index, message):
            sign = self.signs[number]
            if number not in seen and any(find(sign.patterns[place], message, denials)):
                seen[number] = sign
        signs = sorted(seen.values(), key=lambda sign: -sign.points)
        return sum(sign.points for sign in signs), signs

    def signs_of_danger(self, message: Message) -> Rule | None:
        """Return a rule made of the signs in a message if together they are enough."""
        points, signs = self.weigh(message)
        grave = [sign for sign in signs if sign.type and sign.points > 0]
        if points < self.enough or len(grave) < 2:
            return None
        denials = dict.fromkeys(self.negations | self.still, ())
        if any(
            any(find(pattern, message, denials))
            for name in self.signs_unless
            for pattern in self.cancels.get(name, ())
        ):
            return None
        return Rule("+".join(sign.name for sign in grave), grave[0].type, ())

    def is_alone(self, words: Words) -> bool:
        """Return whether a message is nothing but a word that is a crisis by itself."""
        said = tuple(word for word, _ in zip(words.words, range(_ALONE_WORDS + 1)))
        if not said or len(said) > _ALONE_WORDS:
            return False
        one = said[0] if len(set(said)) == 1 else ""
        return said in self.alone or (one,) in self.alone

    def index(self) -> None:
        """Note under each first word the patterns that may begin to match where it stands."""
        self._index = _index_of([rule.patterns for rule in self.rules])
        self._sign_index = _index_of([sign.patterns for sign in self.signs])

    def message(self, words: Words) -> Message:
        """Return a message with the words of the rules that each of its words may stand for."""
        atoms: list[frozenset[str]] = []
        spelled: list[str] = []
        stops: set[int] = set()
        for place, word in enumerate(words.words):
            if place in words.stops:
                stops.add(len(atoms))
            for meant in self.lexicon.meant(word):
                atoms.append(meant.atoms)
                spelled.append(meant.spelled)
        return Message(atoms, frozenset(stops), self.between, spelled)

    def _meets(self, rule: Rule, pattern: Pattern, message: Message) -> bool:
        blockers = self.negations.union(
            *(self.blockers[name] for name in rule.unless if name in self.blockers)
        )
        starters = dict.fromkeys(blockers, ())
        return any(
            not self._cancelled(rule, spans, message) for spans in find(pattern, message, starters)
        )

    def _cancelled(self, rule: Rule, spans: Spans, message: Message) -> bool:
        start, end = min(span[0] for span in spans), max(span[1] for span in spans)
        denials = dict.fromkeys(self.negations | self.still, ())
        return any(
            chain[-1][1] >= start - CANCEL_REACH and chain[0][0] <= end + CANCEL_REACH
            for name in rule.unless
            for pattern in self.cancels.get(name, ())
            for chain in find(pattern, message, denials)
        )


def _index_of(patterns: Sequence[Sequence[Pattern]]) -> dict[str, list[tuple[int, int]]]:
    index: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, several in enumerate(patterns):
        for place, pattern in enumerate(several):
            rarest = min(pattern.elements(), key=lambda element: len(element.alternatives))
            for first in {words[0] for words in rarest.alternatives}:
                index[first].append((number, place))
    return dict(index)


def _candidates(
    index: Mapping[str, Sequence[tuple[int, int]]], message: Message
) -> list[tuple[int, int]]:
    return sorted({found for atom in message.present for found in index.get(atom, ())})


class Rules:
    """The rules of all languages; ``find`` is what the desk asks for every message."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self.languages = languages

    @classmethod
    def compile(cls, crisis: Mapping[str, Any]) -> Rules:
        """Return the rules of ``{language: data}``; what cannot be read is left out.

        A broken rule must not silence the others; ``problems`` names it before it is published.
        """
        return cls({name: read_language(name, data) for name, data in crisis.items()})

    def find(self, text: str) -> Hit | None:
        """Return the crisis that a message tells of, if it does."""
        folded = plain(text)
        told: list[tuple[int, float, Rule, str]] = []
        shares: dict[str, float] = {}
        for language in self.languages.values():
            words = language.read(folded)
            shares[language.name] = language.share(words.words)
            if language.is_alone(words):
                return Hit("general", language.name, ALONE)
            message = language.message(words)
            rule = next(language.hits(message), None) or language.signs_of_danger(message)
            if rule:
                told.append((TYPES.index(rule.type), shares[language.name], rule, language.name))
        most = max(shares.values(), default=0.0)
        # What sounds like a crisis in a language that the message is not written in is none.
        told = [hit for hit in told if most < _CLEAR or hit[1] >= _WRITTEN * most]
        if not told:
            return None
        _, _, rule, name = min(told, key=lambda hit: (-hit[1], hit[0]))
        best = max(shares, key=lambda language: (shares[language], language == name))
        return Hit(rule.type, best, rule.name)


def read_language(name: str, data: Mapping[str, Any]) -> Language:
    """Return what a file says; what cannot be read is noted in ``errors`` and left out."""
    sound = sound_of(data.get("sounds", ()))
    short = {plain(str(k)): tuple(plain(str(v)).split()) for k, v in _map(data, "short_forms")}
    common = _word_set(data, "common")
    language = Language(
        name=name,
        apostrophe=str(data.get("apostrophe", "")),
        short_forms=short,
        common=common,
        alone=frozenset(tuple(plain(str(said)).split()) for said in data.get("alone", ())),
        negations=_word_set(data, "negations"),
        between=_word_set(data, "between"),
        still=_word_set(data, "still"),
        enough=int(data.get("enough", 5)),
        lexicon=Lexicon(sound, common | _word_set(data, "not_slips")),
    )
    _Reader(language, data).read()
    language.index()
    return language


class _Reader:
    def __init__(self, language: Language, data: Mapping[str, Any]) -> None:
        self._language = language
        self._data = data
        self._groups: dict[str, Element] = {}

    def read(self) -> None:
        for kind in ("people", "groups"):
            for name, lines in _map(self._data, kind):
                try:
                    texts = [self._spell(str(line)) for line in lines]
                    element = read_element(texts, self._groups, person=kind == "people")
                except PatternError as error:
                    self._language.errors.append(f"group {name}: {error}")
                    continue
                self._groups[str(name)] = self._learn(element)
        for name, lines in _map(self._data, "cancels"):
            self._cancel(str(name), lines)
        always = [str(name) for name in self._data.get("unless", ())]
        self._language.signs_unless = tuple(map(str, self._data.get("signs_unless") or ()))
        for missing in {*self._language.signs_unless} - {*self._language.cancels}:
            self._language.errors.append(f"signs_unless: there is no cancel {missing!r}")
        for number, sign in enumerate(self._data.get("signs") or (), 1):
            self._sign(number, sign)
        for number, rule in enumerate(self._data.get("rules") or (), 1):
            self._rule(number, rule, always)

    def _sign(self, number: int, sign: Mapping[str, Any]) -> None:
        name, kind = str(sign.get("sign", f"number {number}")), str(sign.get("type") or "")
        points = sign.get("points", 2)
        if kind and kind not in TYPES:
            self._language.errors.append(f"sign {name}: type {kind!r} is none of {', '.join(TYPES)}")
            return
        if not isinstance(points, int) or not -9 <= points <= 9:
            self._language.errors.append(f"sign {name}: points {points!r} is no number from -9 to 9")
            return
        lines = [str(line) for line in sign.get("words", ())]
        patterns = [pattern for line in lines for pattern in self._pattern(f"sign {name}", line)]
        self._language.signs.append(Sign(name, kind, points, tuple(patterns)))

    def _cancel(self, name: str, lines: Sequence[str]) -> None:
        tied: set[str] = set()
        patterns: list[Pattern] = []
        for line in map(str, lines):
            words = line.split()
            if words[-1:] == [HERE] and len(words) == 2:
                tied.add(plain(words[0]))
            elif HERE in words:
                self._language.errors.append(
                    f"cancel {name}: in {line!r} exactly one word may stand before the _"
                )
            else:
                patterns += self._pattern(f"cancel {name}", line)
        self._language.cancels[name] = tuple(patterns)
        if tied:
            self._language.blockers[name] = frozenset(tied)

    def _rule(self, number: int, rule: Mapping[str, Any], always: Sequence[str]) -> None:
        name, kind = str(rule.get("rule", f"number {number}")), str(rule.get("type", ""))
        if kind not in TYPES:
            self._language.errors.append(
                f"rule {name}: type {kind!r} is none of {', '.join(TYPES)}"
            )
            return
        patterns = [
            pattern for line in rule.get("when", ()) for pattern in self._pattern(f"rule {name}", str(line))
        ]
        unless = [*always, *map(str, rule.get("unless", ()))]
        for missing in {*unless, *map(str, rule.get("despite", ()))} - {*self._language.cancels}:
            self._language.errors.append(f"rule {name}: there is no cancel {missing!r}")
        left = tuple(n for n in unless if n not in rule.get("despite", ()))
        self._language.rules.append(Rule(name, kind, tuple(patterns), left))

    def _pattern(self, where: str, line: str) -> list[Pattern]:
        try:
            pattern = read_pattern(self._spell(line), self._groups)
        except PatternError as error:
            self._language.errors.append(f"{where}: {error}")
            return []
        for element in pattern.elements():
            for word in {word for words in element.alternatives for word in words}:
                if word.endswith("*") and len(self._language.lexicon.sound(word[:-1])) < 2:
                    error = f"{where}: {word!r} could be almost any word; write more of it"
                    self._language.errors.append(error)
                    return []
            self._learn(element)
        return [pattern]

    def _learn(self, element: Element) -> Element:
        for words in element.alternatives:
            for word in words:
                self._language.lexicon.add(word)
        return element

    def _spell(self, line: str) -> str:
        """Return a line as messages are read: folded, with apostrophes and short forms resolved."""
        spelled = plain(line).replace("'", self._language.apostrophe)
        short = self._language.short_forms
        return _SPELLED.sub(lambda found: " ".join(short.get(found[0], (found[0],))), spelled)


def _map(data: Mapping[str, Any], key: str) -> Iterator[tuple[Any, Any]]:
    yield from (data.get(key) or {}).items()


def _word_set(data: Mapping[str, Any], key: str) -> frozenset[str]:
    said = data.get(key) or ""
    return frozenset(plain(said if isinstance(said, str) else " ".join(said)).split())

