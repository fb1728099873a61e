"""Measures understanding on labelled messages: ``faro evaluate --test F.jsonl [--json]``.

A line of the file is ``{"text", "label"}``; ``lang``, and ``also_ok`` (other labels that
serve as well) are optional. ``--out`` keeps, line by line, what each message was answered
with: ``{"label"}``, empty where Faro asks back.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import settings
from bot.figures import Outcome, summarise

_FAQ = "faq/"
# Intents that are answered as a topic is.
_STAND_FOR = {"choose_language": "change_language"}


def evaluate(test_path: str | Path, model: str | Path | None = None) -> dict[str, Any]:
    """Return what ``summarise`` returns, for the messages of a file and a trained model.

    ``model`` is a model file or a folder of models, of which the newest counts; by default
    the project's. Raise ``FileNotFoundError`` if there is none.
    """
    return summarise(ask(test_path, model))


def ask(test_path: str | Path, model: str | Path | None = None) -> list[Outcome]:
    """Return what became of each message of a file; ``model`` and errors as above."""
    rows = [
        json.loads(line)
        for line in Path(test_path).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    path = Path(model or settings.ROOT / "models")
    if not path.exists():
        raise FileNotFoundError(f"no model at {path}: run `faro train` first")
    return asyncio.run(_ask(rows, path))


async def _ask(rows: Sequence[dict[str, Any]], model: Path) -> list[Outcome]:
    from bot.runtime import without_tensorflow

    without_tensorflow.install()
    from rasa.core.agent import load_agent
    from rasa.core.channels.channel import UserMessage

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


def main(test: Path, as_json: bool, out: Path | None = None) -> int:
    """Print the figures of a file; return the exit code."""
    outcomes = ask(test)
    figures = summarise(outcomes)
    if out:
        given = [{"label": o.first if o.answered else ""} for o in outcomes]
        out.write_text("".join(json.dumps(line) + "\n" for line in given), encoding="utf-8")
    if as_json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))  # noqa: T201 - asked for
    else:
        show(figures)
    return 0


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
