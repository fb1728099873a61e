"""Where on a page a fact stands, and what became of that passage. Pure.

A page changes all the time: its date, its menu, its news. Only the block that carries the fact
is compared, found by the fact's value near the words of its claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

from babel.dates import format_date

from bot.content.model import Fact

Fate = Literal["unchanged", "changed", "gone"]

ALIKE = 0.5  # share of a passage that another block must share to be the same one, rewritten
LONGEST = 700  # characters of a passage that are kept
DATE_LOCALES = ("en_US", "es_MX", "fr", "pt")
_WORD = re.compile(r"[\w'-]{4,}|[A-Z]-?\d+\w*|[A-Z]{2,}")


@dataclass(frozen=True)
class Comparison:
    """What became of a passage, and how it reads now."""

    fate: Fate
    now: str = ""
    value_there: bool = True


def patterns(fact: Fact) -> list[re.Pattern[str]]:
    """Return how a page may write the fact's value; none for a statement."""
    value = fact.value
    if isinstance(value, date):
        written = [value.isoformat(), f"{value.month}/{value.day}/{value.year}"]
        written += [f"{value.month:02}/{value.day:02}/{value.year}"]
        for locale in DATE_LOCALES:
            written += [format_date(value, style, locale=locale) for style in ("long", "medium")]
        return [re.compile(re.escape(text), re.IGNORECASE) for text in dict.fromkeys(written)]
    if fact.type == "phone" and isinstance(value, str):
        digits = re.sub(r"\D", "", value)
        return [re.compile(r"[^\d\n]{0,3}".join(digits))] if digits else []
    if isinstance(value, bool) or value is None or fact.type in ("url", "place"):
        return [re.compile(re.escape(str(value)), re.IGNORECASE)] if value else []
    if isinstance(value, int | float):
        plain = f"{value:g}" if value < 1e6 else str(int(value))
        grouped = f"{value:,.15g}"
        forms = {plain, grouped, grouped.replace(",", "."), grouped.replace(",", " ")}
        return [re.compile(rf"(?<![\d.,]){re.escape(form)}(?!\d|[.,]\d)") for form in sorted(forms)]
    return []


def has_value(fact: Fact, text: str) -> bool:
    """Return whether a text holds the fact's value; a statement has none to miss."""
    wanted = patterns(fact)
    return not wanted or any(pattern.search(text) for pattern in wanted)


def locate(fact: Fact, blocks: Sequence[str]) -> str:
    """Return the block that carries a fact, "" if none surely does.

    >>> from bot.watch.testing import fee
    >>> locate(fee(100), ["Room 100", "The asylum fee is $100 (Form I-589).", "Call us"])
    'The asylum fee is $100 (Form I-589).'
    """
    words = {word.lower() for word in _WORD.findall(f"{fact.claim} {fact.note} {fact.id}")}
    words |= set(fact.id.replace("_", ".").lower().split("."))
    valued = bool(patterns(fact))
    best, score = "", 0
    for block in blocks:
        if valued and not has_value(fact, block):
            continue
        shared = words & {word.lower() for word in _WORD.findall(block)}
        # A value alone proves little: "100" may be a room.
        mark = 2 * len(shared) + bool(re.search(r"[$€]|\b(?:USD|MXN)\b", block))
        if mark > score:
            best, score = block, mark
    enough = 1 if valued else 6
    return best[:LONGEST] if score >= enough else ""


def compare(fact: Fact, before: str, blocks: Sequence[str]) -> Comparison:
    """Return what became of a passage that stood on the page before."""
    if any(before == block[:LONGEST] for block in blocks):
        return Comparison("unchanged", before)
    likest, share = "", 0.0
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(before.split())
    for block in blocks:
        matcher.set_seq1(block[:LONGEST].split())
        if matcher.quick_ratio() > share and (ratio := matcher.ratio()) > share:
            likest, share = block[:LONGEST], ratio
    if share >= ALIKE:
        return Comparison("changed", likest, has_value(fact, likest))
    elsewhere = locate(fact, blocks) if patterns(fact) else ""
    if elsewhere:  # said in other words, in another place
        return Comparison("changed", elsewhere)
    return Comparison("gone", "", False)


def difference(before: str, now: str) -> str:
    """Return what changed, words taken out in [- -] and put in in {+ +}.

    >>> difference("The fee is $100 now", "The fee is $560 now")
    'The fee is [-$100-] {+$560+} now'
    """
    old, new = before.split(), now.split()
    parts: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            same = old[a:b]
            parts += same if len(same) <= 12 else [*same[:6], "…", *same[-6:]]
            continue
        parts += [f"[-{' '.join(old[a:b])}-]"] if b > a else []
        parts += [f"{{+{' '.join(new[c:d])}+}}"] if d > c else []
    return " ".join(parts)
