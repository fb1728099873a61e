"""Figures of a run over labelled messages: what was understood, asked back, answered wrongly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Outcome:
    """What became of one message. ``ranking`` is (label, probability), best first."""

    label: str
    also_ok: tuple[str, ...]
    language: str
    ranking: tuple[tuple[str, float], ...]
    answered: bool  # straight, without asking back
    found_language: str = ""
    milliseconds: float = 0.0
    text: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any], **found: Any) -> Outcome:
        """Return what became of a line of a labelled file."""
        return cls(
            label=row["label"],
            also_ok=tuple(row.get("also_ok") or ()),
            language=row.get("lang") or "",
            text=row["text"],
            **found,
        )

    @property
    def first(self) -> str:
        return self.ranking[0][0] if self.ranking else ""

    @property
    def right(self) -> bool:
        return self.first == self.label

    @property
    def wrong_answer(self) -> bool:
        return self.answered and self.first not in (self.label, *self.also_ok)

    @property
    def strangeness(self) -> float:
        """How much it looks out of scope; doubt tells where that is no class."""
        best = self.ranking[0][1] if self.ranking else 0.0
        return dict(self.ranking).get(OUT_OF_SCOPE, 0.0) + 1e-3 * (1.0 - best)


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures of a run; all but ``n`` and ``ms`` are shares from 0 to 1.

    ``accuracy`` and ``top3`` look at the ranking, asked back or not. ``answered`` and
    ``asked_back`` add up to 1; ``wrong_answers`` are answered straight with a label that is
    neither ``label`` nor in ``also_ok``. ``oos``: how many messages out of scope are seen as
    such (``recall``), how many others are (``false_alarm``), and how well the probability of
    it tells them apart (``auroc``, None without both kinds).
    """
    inside = [o for o in outcomes if o.label != OUT_OF_SCOPE]
    outside = [o for o in outcomes if o.label == OUT_OF_SCOPE]
    times = sorted(o.milliseconds for o in outcomes)
    return {
        "n": len(outcomes),
        "accuracy": _share(o.right for o in outcomes),
        "accuracy_in_scope": _share(o.right for o in inside),
        "accuracy_also_ok": _share(o.first in (o.label, *o.also_ok) for o in outcomes),
        "top3": _share(o.label in [name for name, _ in o.ranking[:3]] for o in outcomes),
        "by_language": _grouped(outcomes, "language"),
        "by_label": _grouped(outcomes, "label"),
        "answered": _share(o.answered for o in outcomes),
        "asked_back": _share(not o.answered for o in outcomes),
        "wrong_answers": _share(o.wrong_answer for o in outcomes),
        "oos": {
            "recall": _share(o.first == OUT_OF_SCOPE for o in outside),
            "false_alarm": _share(o.first == OUT_OF_SCOPE for o in inside),
            "auroc": _auroc([o.strangeness for o in outside], [o.strangeness for o in inside]),
        },
        "ms": {"p50": _quantile(times, 0.5), "p95": _quantile(times, 0.95)},
        "language_found": _share(o.found_language == o.language for o in outcomes if o.language),
    }


def _grouped(outcomes: Sequence[Outcome], by: str) -> dict[str, dict[str, float]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[getattr(outcome, by)].append(outcome)
    return {
        name: {"n": len(group), "accuracy": _share(o.right for o in group)}
        for name, group in sorted(groups.items())
    }


def _share(hits: Iterable[bool]) -> float:
    listed = list(hits)
    return round(sum(listed) / len(listed), 4) if listed else 0.0


def _quantile(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2) if ordered else 0.0


def _auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return how often a positive scores above a negative; a tie counts half."""
    if not positives or not negatives:
        return None
    above = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    return round(above / (len(positives) * len(negatives)), 4)
