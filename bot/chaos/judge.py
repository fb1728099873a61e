"""Compares what people got with what they should have got.

Pure: lists of texts in, counts out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# For each message a person wrote, the texts that answer it.
Expected = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Verdict:
    """What went wrong, in numbers; ``lost`` are messages, the others are texts."""

    lost: int = 0
    duplicate_replies: int = 0
    out_of_order: int = 0
    strange: int = 0  # texts that answer nothing that was asked

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.lost + other.lost,
            self.duplicate_replies + other.duplicate_replies,
            self.out_of_order + other.out_of_order,
            self.strange + other.strange,
        )


def judge(expected: Expected, got: Sequence[str]) -> Verdict:
    """Return what is wrong with the texts one person got, in the order of their arrival.

    >>> judge([["a"], ["b", "c"]], ["a", "b", "c"])
    Verdict(lost=0, duplicate_replies=0, out_of_order=0, strange=0)
    >>> judge([["a"], ["b", "c"]], ["b", "a", "a", "?"])
    Verdict(lost=1, duplicate_replies=1, out_of_order=1, strange=1)
    """
    line = [text for answer in expected for text in answer]
    wanted, came = Counter(line), Counter(got)
    lost = sum(any(came[text] < wanted[text] for text in answer) for answer in expected)
    duplicates = sum(max(0, came[text] - wanted[text]) for text in wanted)
    strange = sum(count for text, count in came.items() if text not in wanted)
    return Verdict(lost, duplicates, _out_of_order(line, got), strange)


def _out_of_order(line: Sequence[str], got: Sequence[str]) -> int:
    """Return how many texts came after one that should have followed them."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(line):
        places.setdefault(text, []).append(place)
    highest, wrong = -1, 0
    for text in got:
        if not places.get(text):  # strange, or there already
            continue
        place = places[text].pop(0)
        wrong += place < highest
        highest = max(highest, place)
    return wrong
