"""Repairs words that a vocabulary does not know. Cautious: a word it knows is never changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from bot.places import fold

_SOUNDS = (
    (re.compile(r"ch"), "1"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"qu|q"), "k"),
    (re.compile(r"g[uü](?=[ei])"), "g"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"c(?=[ei])"), "s"),
    (re.compile(r"gu(?=[ao])|bu(?=[ae])|hu(?=[aeio])|w"), "w"),
    (re.compile(r"c"), "k"),
    (re.compile(r"[zx]"), "s"),
    (re.compile(r"v"), "b"),
    (re.compile(r"h"), ""),
    (re.compile(r"ph"), "f"),
    (re.compile(r"[mn](?=[bp])"), "n"),
    (re.compile(r"ñ"), "n"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_SHORTEST_SLIP = 5  # letters, below which a slip of the finger is not looked for
_SHORTEST_RUN_ON = 8


def sound(word: str) -> str:
    """Return how Spanish spells a word if spelling followed the sound.

    >>> sound("hize") == sound("ice"), sound("visa") == sound("bisa")
    (True, True)
    """
    key = fold(word)
    for pattern, letter in _SOUNDS:
        key = pattern.sub(letter, key)
    return key


class Speller:
    """Corrects the words of one language.

    ``counts`` holds its words and how often each was seen; words in ``known`` (those of
    other languages too) stay as they are.
    """

    def __init__(
        self, counts: Mapping[str, int], known: Collection[str], by_sound: bool = False
    ) -> None:
        self._counts = counts
        self._known = known
        self._by_sound = by_sound
        self._plain: dict[str, str] = {}
        self._sounds: dict[str, str] = {}
        self._shorter: dict[str, list[str]] = {}
        for word in sorted(counts, key=lambda word: (-counts[word], word)):
            self._plain.setdefault(fold(word), word)
            if by_sound and len(word) > 3:
                self._sounds.setdefault(sound(word), word)
            if len(word) >= _SHORTEST_SLIP:
                for short in _deletions(fold(word)):
                    self._shorter.setdefault(short, []).append(word)

    def correct(self, word: str) -> str:
        """Return the word meant, or the word itself if it is known or there is no telling."""
        if word in self._known:
            return word
        plain = fold(word)
        found = self._plain.get(plain)
        if not found and self._by_sound and len(word) > 3:
            found = self._sounds.get(sound(word))
        if not found and len(plain) >= _SHORTEST_SLIP:
            found = self._slip(plain)
        if not found and len(plain) >= _SHORTEST_RUN_ON:
            found = self._split(plain)
        return found or word

    def _slip(self, plain: str) -> str | None:
        """Return the most frequent word that is one slip away: a letter too many, few or wrong."""
        near = {
            word
            for short in _deletions(plain)
            for word in (*self._shorter.get(short, ()), *self._whole(short))
        }
        near.update(self._shorter.get(plain, ()))
        # Three times at least: a rare word is as likely to be the odd one.
        close = [w for w in near if self._counts[w] >= 3 and _one_apart(plain, fold(w))]
        return max(close, key=lambda word: (self._counts[word], word), default=None)

    def _whole(self, plain: str) -> tuple[str, ...]:
        word = self._plain.get(plain)
        return (word,) if word and len(word) >= _SHORTEST_SLIP - 1 else ()

    def _split(self, plain: str) -> str | None:
        """Return a word taken apart into the fewest, most frequent known words, at most four."""
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(plain)
        for end in range(1, len(plain) + 1):
            for start in range(max(0, end - 14), end):
                before, word = best[start], self._plain.get(plain[start:end])
                if before is None or word is None:
                    continue
                seen, letters = self._counts[word], end - start
                if seen < (20 if letters < 3 else 3) or (letters == 1 and word not in "aeoy"):
                    continue
                cost = before[0] + 1.0 + 4.0 / letters + 1.0 / seen
                kept = best[end]
                if kept is None or cost < kept[0]:
                    best[end] = (cost, [*before[1], word])
        whole = best[-1]
        return " ".join(whole[1]) if whole and 2 <= len(whole[1]) <= 4 else None


def _deletions(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _one_apart(one: str, other: str) -> bool:
    """Return whether two words differ by one letter or two neighbours swapped; not in the first.

    >>> _one_apart("pasaprote", "pasaporte"), _one_apart("casa", "masa")
    (True, False)
    """
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        swapped = left[1:2] + left[:1] == right[:2] and left[2:] == right[2:]
        return left[1:] == right[1:] or swapped
    return left[1:] == right if len(left) > len(right) else left == right[1:]
