"""Measures understanding on labelled messages: ``faro evaluate --test F.jsonl [--json]``.

A line of the file is ``{"text", "label"}``; ``lang``, and ``also_ok`` (other labels that
serve as well) are optional.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import settings

OUT_OF_SCOPE = "out_of_scope"
_FAQ = "faq/"
# Intents that are answered as a topic is.
_STAND_FOR = {"choose_language": "change_language"}


@dataclass(frozen=True)
class Outcome:
    """What became of one message. ``ranking`` is (label, probability), best first."""

    label: str
    also_ok: tuple[str, ...]
    language: str
    ranking: tuple[tuple[str, float], ...]
    answered: bool  # straight, without asking back
    found_language: str
    milliseconds: float

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
        """How much it looks out of scope; the doubt breaks ties where that was not ranked."""
        best = self.ranking[0][1] if self.ranking else 0.0
        return dict(self.ranking).get(OUT_OF_SCOPE, 0.0) + 1e-3 * (1.0 - best)


def evaluate(test_path: str | Path, model: str | Path | None = None) -> dict[str, Any]:
    """Return what ``summarise`` returns, for the messages of a file and a trained model.

    ``model`` is a model file or a folder of models, of which the newest counts; by default
    the project's. Raise ``FileNotFoundError`` if there is none.
    """
    rows = [
        json.loads(line)
        for line in Path(test_path).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return summarise(asyncio.run(_ask(rows, Path(model or settings.ROOT / "models"))))


async def _ask(rows: Sequence[dict[str, Any]], model: Path) -> list[Outcome]:
    from bot.runtime import without_tensorflow

    without_tensorflow.install()
    from rasa.core.agent import load_agent
    from rasa.core.channels.channel import UserMessage

    if not model.exists():
        raise FileNotFoundError(f"no model at {model}: run `faro train` first")
    agent = await load_agent(str(model))
    if agent.processor is None:
        raise FileNotFoundError(f"no model in {model}: run `faro train` first")
    await agent.processor.parse_message(UserMessage("hola"))  # loads what is loaded when needed
    outcomes = []
    for row in rows:
        began = time.perf_counter()
        parse = await agent.processor.parse_message(UserMessage(row["text"], metadata={}))
        spent = (time.perf_counter() - began) * 1000
        outcomes.append(_outcome(row, parse, spent))
    return outcomes


def _outcome(row: dict[str, Any], parse: dict[str, Any], milliseconds: float) -> Outcome:
    intent = parse["intent"]["name"]
    ranking = tuple(
        (item["name"].removeprefix(_FAQ), float(item["confidence"]))
        for item in parse.get("intent_ranking") or []
        if item["name"].startswith(_FAQ)
    )
    if intent in _STAND_FOR:
        ranking = ((_STAND_FOR[intent], 1.0),)
    return Outcome(
        label=row["label"],
        also_ok=tuple(row.get("also_ok") or ()),
        language=row.get("lang", ""),
        ranking=ranking,
        answered=intent == "faq" or intent in _STAND_FOR,
        found_language=(parse.get("language") or {}).get("name", ""),
        milliseconds=milliseconds,
    )


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


def show(figures: dict[str, Any]) -> None:
    """Print figures as tables for people."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table("figure", "value", title=f"{figures['n']} messages")
    for name in (
        "accuracy",
        "accuracy_in_scope",
        "accuracy_also_ok",
        "top3",
        "answered",
        "asked_back",
        "wrong_answers",
        "language_found",
    ):
        table.add_row(name.replace("_", " "), f"{figures[name]:.1%}")
    for name, value in figures["oos"].items():
        table.add_row(
            f"out of scope: {name.replace('_', ' ')}", "-" if value is None else f"{value:.3f}"
        )
    for name, value in figures["ms"].items():
        table.add_row(f"milliseconds, {name}", f"{value:.1f}")
    console.print(table)
    for name, title in (("by_language", "language"), ("by_label", "label")):
        table = Table(title, "messages", "accuracy")
        worst_first = sorted(figures[name].items(), key=lambda item: item[1]["accuracy"])
        for group, found in worst_first:
            table.add_row(group or "-", str(found["n"]), f"{found['accuracy']:.1%}")
        console.print(table)
