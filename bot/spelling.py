"""Repairs words that a vocabulary does not know. Cautious: a word it knows is never changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

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
_SHORTEST_SLIP = 6  # letters, below which a slip of the finger is not looked for
_SHORTEST_RUN_ON = 9
_LONGEST_PART = 14
_OFTEN = 4  # times a word was seen, below which it is itself likely to be the odd one

_ROWS = ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
_NEIGHBOURS = frozenset(frozenset(pair) for row in _ROWS for pair in pairwise(row)) | frozenset(
    frozenset((upper[place], letter))
    for upper, lower in pairwise(_ROWS)
    for place, letter in enumerate(lower)
)


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
        self._shorter: dict[str, str] = {}  # words with a blank between: most are alone
        for word in sorted(counts, key=lambda word: (-counts[word], word)):
            self._plain.setdefault(fold(word), word)
            if by_sound and len(word) > 3:
                self._sounds.setdefault(sound(word), word)
            if len(word) >= _SHORTEST_SLIP and counts[word] >= _OFTEN:
                for short in (fold(word), *_deletions(fold(word))):
                    others = self._shorter.get(short)
                    self._shorter[short] = f"{others} {word}" if others else word

    def correct(self, word: str) -> str:
        """Return the word meant, or the word itself if it is known or there is no telling."""
        plain = fold(word)
        if word in self._known or plain != word:  # accents may be missing; a typed one was meant
            return word
        found = self._plain.get(plain)
        if not found and self._by_sound and len(word) > 3:
            found = self._sounds.get(sound(word))
        if not found and len(plain) >= _SHORTEST_SLIP:
            found = self._slip(plain)
        if not found and len(plain) >= _SHORTEST_RUN_ON:
            found = self._split(plain)
        return found or word

    def _slip(self, plain: str) -> str | None:
        """Return the most frequent word that a slip of the finger turns into this one."""
        near = {
            word
            for short in (plain, *_deletions(plain))
            for word in self._shorter.get(short, "").split()
            if is_slip(plain, fold(word))
        }
        return max(near, key=lambda word: (self._counts[word], word), default=None)

    def _split(self, plain: str) -> str | None:
        """Return a word taken apart into few, frequent, long words, or None."""
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(plain)
        for end in range(1, len(plain) + 1):
            for start in range(max(0, end - _LONGEST_PART), end):
                before, word = best[start], self._plain.get(plain[start:end])
                if before is None or word is None:
                    continue
                letters = end - start
                # Short words hide in long ones: only the most frequent, and not as an ending.
                short = letters < 4 and end < len(plain) and letters > 1
                if letters < 4 and not short:
                    continue
                if self._counts[word] < (10 * _OFTEN if short else _OFTEN):
                    continue
                cost = before[0] + 1.0 + 2.0 / letters
                kept = best[end]
                if kept is None or cost < kept[0]:
                    best[end] = (cost, [*before[1], word])
        whole = best[-1]
        parts = whole[1] if whole else []
        return " ".join(parts) if len(plain) >= 3 * len(parts) > 3 else None


def is_slip(typed: str, meant: str) -> bool:
    """Return whether a word is another but for one slip of the finger, the first letter aside.

    Two letters swapped, one doubled or single by mistake, or a neighbour on the keyboard.
    Other letters make other words: "escala" is not "escola".

    >>> is_slip("pasaprote", "pasaporte"), is_slip("pasaportte", "pasaporte")
    (True, True)
    >>> is_slip("trabaho", "trabajo"), is_slip("venga", "venia")
    (True, False)
    """
    if typed[:1] != meant[:1] or abs(len(typed) - len(meant)) > 1:
        return False
    if len(typed) != len(meant):
        return _singled(typed) == _singled(meant)
    off = [place for place, letter in enumerate(typed) if letter != meant[place]]
    if len(off) == 2 and off[1] == off[0] + 1:
        return typed[off[0]] == meant[off[1]] and typed[off[1]] == meant[off[0]]
    return len(off) == 1 and frozenset((typed[off[0]], meant[off[0]])) in _NEIGHBOURS


def _singled(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def _deletions(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
