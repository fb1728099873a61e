"""Which words of the rules a written word may stand for: by sound, by its stem, with one slip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

SLIP_LETTERS = 6  # a word this long may be written with one slip, a stem one letter longer
FIRST_LETTERS = 9  # shorter words are not mistaken in their first letter: "hombre", "nombre"
YEAR_DIGITS = 4
MIN_STEM = 3  # a stem that sounds shorter could be almost any word
RUN_ON_LETTERS = 8  # a written word this long may be several run together
_CACHED = 20_000


class Meant(NamedTuple):
    """A word as written and the words of the rules that it may be."""

    spelled: str
    atoms: frozenset[str]


@dataclass
class Lexicon:
    """All words that the rules of one language speak of."""

    sound: Callable[[str], str]
    known: frozenset[str] = frozenset()  # words of their own right, never slips of others
    _words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _stems: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _slips: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _lengths: set[int] = field(default_factory=set)
    _slip_lengths: set[int] = field(default_factory=set)
    _whole: set[str] = field(default_factory=set)
    _cache: dict[str, tuple[Meant, ...]] = field(default_factory=dict)

    def add(self, atom: str) -> None:
        """Take in one word of a rule; one that ends in ``*`` is a stem."""
        word = atom.rstrip("*")
        stem = word != atom
        for key in self._stem_sounds(word) if stem else {self.sound(word)}:
            (self._stems if stem else self._words)[key].add(atom)
            if stem:
                self._lengths.add(len(key))
            else:
                self._whole.add(word)
            if len(word) >= SLIP_LETTERS + stem and len(key) >= SLIP_LETTERS - 1 + stem:
                if stem:
                    self._slip_lengths.add(len(key))
                for variant in _shortened(key):
                    self._slips[variant].add((key, atom))

    def meant(self, word: str) -> tuple[Meant, ...]:
        """Return what a written word stands for: several, if it is several words run together."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) > _CACHED:
                self._cache.clear()
            found = self._cache[word] = self._find(word)
        return found

    def _find(self, word: str) -> tuple[Meant, ...]:
        key = self.sound(word)
        exact = self._exact(key)
        if word in self.known:
            return (Meant(word, frozenset(atom for atom in exact if _written_so(atom, word))),)
        if any(_covers(atom, word) for atom in exact):
            return (Meant(word, exact),)
        if len(word) >= RUN_ON_LETTERS and (parts := self._parts(word)):
            return tuple(Meant(part, self._exact(self.sound(part))) for part in parts)
        return (Meant(word, exact or frozenset(self._with_slip(key))),)

    def _exact(self, key: str) -> frozenset[str]:
        found = set(self._words.get(key, ()))
        for length in self._lengths:
            # A stem of digits is a year: "20*" is 2019, not 20 minutes.
            if length <= len(key) and (not key.isdigit() or len(key) == YEAR_DIGITS):
                found |= self._stems.get(key[:length], set())
        return frozenset(found)

    def _with_slip(self, key: str) -> Iterator[str]:
        if len(key) < SLIP_LETTERS - 2 or key.isdigit():
            return
        starts = {key}
        for length in self._slip_lengths:
            starts |= {key[: length + more] for more in (-1, 0, 1)}
        for start in starts:
            for variant in _shortened(start):
                for other, atom in self._slips.get(variant, ()):
                    fits = atom.endswith("*") or start == key
                    alike = start[0] == other[0] or len(other) >= FIRST_LETTERS
                    if fits and alike and one_slip(start, other):
                        yield atom

    def _parts(self, word: str) -> list[str]:
        """Return the known words that ``word`` runs together, the fewest; else nothing."""
        if len(word) > 60:
            return []
        known = self._whole | self.known
        best: dict[int, list[str]] = {0: []}
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 16), end):
                part = word[start:end]
                if start in best and part in known and (len(part) > 1 or part in "yoaei"):
                    parts = [*best[start], part]
                    if end not in best or len(parts) < len(best[end]):
                        best[end] = parts
        return best.get(len(word), [])

    def _stem_sounds(self, stem: str) -> set[str]:
        """A stem's last letter may sound otherwise before e and i than before a and o."""
        found = {self.sound(stem)}
        if stem[-1:] in "cgqhl":
            for vowel in "aei":
                heard = self.sound(stem + vowel)
                if heard.endswith(vowel) and len(heard) > MIN_STEM:
                    found.add(heard[:-1])
        return found


def one_slip(one: str, other: str) -> bool:
    """Return whether a letter left out, put in, mistaken or two swapped make the difference.

    >>> one_slip("secuestro", "secustro"), one_slip("secuestro", "secusetro"), one_slip("a", "bc")
    (True, True, False)
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    first = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    if len(short) < len(long):
        return short[first:] == long[first + 1 :]
    return short[first + 1 :] == long[first + 1 :] or (
        short[first : first + 2] == long[first : first + 2][::-1]
        and short[first + 2 :] == long[first + 2 :]
    )


def _written_so(atom: str, word: str) -> bool:
    """A common word is no misspelling: "mais" is not "mes", though "enfant" is "enfants".

    >>> _written_so("mes", "mais"), _written_so("enfants", "enfant"), _written_so("pay*", "pays")
    (False, True, True)
    """
    if atom.endswith("*"):
        return word.startswith(atom[:-1])
    short, long = sorted((atom, word), key=len)
    return atom == word or (len(short) > MIN_STEM and long.startswith(short))


def _covers(atom: str, word: str) -> bool:
    """A short stem says little about a long word, which may be several words run together."""
    return not atom.endswith("*") or len(atom) * 2 > len(word) or len(word) < RUN_ON_LETTERS


def _shortened(key: str) -> Iterator[str]:
    yield key
    for place in range(len(key)):
        yield key[:place] + key[place + 1 :]
