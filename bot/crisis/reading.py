"""Reads a language's file of rules; what cannot be read is noted and left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.crisis.language import Language, Rule, Sign
from bot.crisis.lexicon import MIN_STEM, Lexicon
from bot.crisis.patterns import (
    HERE,
    NEAR,
    Element,
    Pattern,
    PatternError,
    read_element,
    read_pattern,
)
from bot.crisis.words import plain, sound_of

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
_SPELLED = re.compile(r"\{\w+\}|\w+\*?")


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
        asks=_word_set(data, "asks"),
        begins=_word_set(data, "begins"),
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
                    self._error(f"group {name}: {error}")
                    continue
                self._groups[str(name)] = self._learn(element)
        for name, lines in _map(self._data, "cancels"):
            self._cancel(str(name), lines)
        always = [str(name) for name in self._data.get("unless", ())]
        self._language.unless = tuple(always)
        self._language.signs_unless = tuple(map(str, self._data.get("signs_unless") or ()))
        self._language.soft = tuple(map(str, self._data.get("soft") or ()))
        for missing in {*self._language.soft} - {*self._language.cancels}:
            self._error(f"soft: there is no cancel {missing!r}")
        for missing in {*self._language.signs_unless} - {*self._language.cancels}:
            self._error(f"signs_unless: there is no cancel {missing!r}")
        for number, sign in enumerate(self._data.get("signs") or (), 1):
            self._sign(number, sign)
        for number, rule in enumerate(self._data.get("crisis_rules") or (), 1):
            self._rule(number, rule, always)

    def _sign(self, number: int, sign: Mapping[str, Any]) -> None:
        name, kind = str(sign.get("sign", f"number {number}")), str(sign.get("type") or "")
        points = sign.get("points", 2)
        if kind and kind not in TYPES:
            self._error(f"sign {name}: type {kind!r} is none of {', '.join(TYPES)}")
            return
        if not isinstance(points, int) or not -9 <= points <= 9:
            self._error(f"sign {name}: points {points!r} is no number from -9 to 9")
            return
        lines = [str(line) for line in sign.get("words", ())]
        patterns = [pattern for line in lines for pattern in self._pattern(f"sign {name}", line, 1)]
        self._language.signs.append(Sign(name, kind, points, tuple(patterns)))

    def _error(self, text: str) -> None:
        self._language.errors.append(text)

    def _cancel(self, name: str, lines: Sequence[str]) -> None:
        tied: set[str] = set()
        patterns: list[Pattern] = []
        for line in map(str, lines):
            words = line.split()
            if words[-1:] == [HERE] and len(words) == 2:
                tied.add(plain(words[0]))
            elif HERE in words:
                self._error(f"cancel {name}: in {line!r} exactly one word may stand before the _")
            else:
                patterns += self._pattern(f"cancel {name}", line, near=0)
        self._language.cancels[name] = tuple(patterns)
        if tied:
            self._language.blockers[name] = frozenset(tied)

    def _rule(self, number: int, rule: Mapping[str, Any], always: Sequence[str]) -> None:
        name, kind = str(rule.get("rule", f"number {number}")), str(rule.get("type", ""))
        if kind not in TYPES:
            self._error(f"rule {name}: type {kind!r} is none of {', '.join(TYPES)}")
            return
        unless = [*always, *map(str, rule.get("unless", ()))]
        despite = tuple(map(str, rule.get("despite", ())))
        for missing in {*unless, *despite} - {*self._language.cancels}:
            self._error(f"rule {name}: there is no cancel {missing!r}")
        left = tuple(n for n in unless if n not in despite)
        for lines, rules in (("when", self._language.rules), ("perhaps", self._language.doubts)):
            patterns = tuple(
                pattern
                for line in rule.get(lines, ())
                for pattern in self._pattern(f"rule {name}", str(line))
            )
            if patterns:
                rules.append(Rule(name, kind, patterns, left, despite, lines == "when"))

    def _pattern(self, where: str, line: str, near: int = NEAR) -> list[Pattern]:
        try:
            pattern = read_pattern(self._spell(line), self._groups, near)
        except PatternError as error:
            self._error(f"{where}: {error}")
            return []
        for element in pattern.elements():
            for word in {word for words in element.alternatives for word in words}:
                short = len(self._language.lexicon.sound(word[:-1])) < MIN_STEM
                if word.endswith("*") and short and not word[:-1].isdigit():
                    vague = f"{where}: {word!r} could be almost any word; write more of it"
                    self._error(vague)
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
