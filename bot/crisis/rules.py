"""The crisis rules of all languages, compiled once and asked for every message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.crisis.language import Language, Rule
from bot.crisis.matching import Message
from bot.crisis.reading import TYPES, read_language
from bot.crisis.words import plain

ALONE = "alone"  # the name of the rule of words that are a crisis when nothing else is said
_CLEAR = 0.3  # this share of common words says clearly which language it is
_WRITTEN = 0.7  # a language is written, perhaps among others, with this part of that share


@dataclass(frozen=True)
class Hit:
    """A crisis: its type, the language it was told in, the rule that found it.

    One that is not sure is for the second guard to confirm, if there is one.
    """

    type: str
    language: str
    rule: str
    sure: bool = True


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

    def hints_at(self, text: str) -> bool:
        """Return whether a rule is met but for a cancel that leaves a doubt (``soft``).

        "The gang threatens me, can I ask for asylum?" is answered as the question that it is,
        with the way to call for help under it.
        """
        folded = plain(text)
        for language in self.languages.values():
            message = language.message(language.read(folded))
            if language.calls_off(message, language.soft) and any(
                language.hits(message, despite=language.soft)
            ):
                return True
        return False

    def find(self, text: str) -> Hit | None:
        """Return the crisis that a message tells of, if it does."""
        folded = plain(text)
        told: list[_Told] = []
        read: list[tuple[float, Language, Message]] = []
        for language in self.languages.values():
            words = language.read(folded)
            if language.is_alone(words):
                return Hit("general", language.name, ALONE)
            share, message = language.share(words.words), language.message(words)
            read.append((share, language, message))
            if rule := _surest(language.hits(message)) or language.signs_of_danger(message):
                told.append(_Told(share, rule, language.name))
        if not told:
            return None
        share, main, message = max(read, key=lambda each: each[0])
        if share >= _CLEAR:
            called_off = main.calls_off(message, main.unless)
            told = [hit for hit in told if hit.counts(main.name, share, called_off)]
        if not told:
            return None
        best = min(
            told, key=lambda hit: (not hit.rule.sure, -hit.share, TYPES.index(hit.rule.type))
        )
        name = main.name if share > best.share else best.language
        written = share < _CLEAR or best.share >= share
        return Hit(best.rule.type, name, best.rule.name, best.rule.sure and written)


def _surest(hits: Iterator[Rule]) -> Rule | None:
    first = None
    for rule in hits:
        if rule.sure:
            return rule
        first = first or rule
    return first


class _Told(NamedTuple):
    """A rule that one language found met, and which share of the words it knew."""

    share: float
    rule: Rule
    language: str

    def counts(self, main: str, share: float, called_off: bool) -> bool:
        """A language that the message is not written in sees no "what if" and no "not"."""
        return self.language == main or (not called_off and self.share >= _WRITTEN * share)
