"""Measures understanding on labelled messages: ``faro evaluate --test F.jsonl [--json]``.

A line of the file is ``{"text", "label"}``; ``lang``, ``also_ok`` (other labels that serve
as well) and ``crisis`` (whether it tells of one) are optional.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import evaluate_crisis, settings
from bot.evaluate_crisis import Desk, hears
from bot.figures import Outcome, summarise

BATCH = 16
_FAQ = "faq/"
# Intents that are answered as a topic is.
_STAND_FOR = {"choose_language": "change_language"}


def evaluate(test_path: str | Path, model: str | Path | None = None) -> dict[str, Any]:
    """Return the figures of a trained model for the messages of a file.

    They are those of ``summarise``, with ``crisis`` (the guards, as ``--crisis`` gives them)
    and ``megabytes``. ``model`` is a model file or a folder of models, of which the newest
    counts; by default the project's. Raise ``FileNotFoundError`` if there is none.
    """
    figures, _ = measure(read_rows(test_path), model)
    return figures


def read_rows(path: str | Path) -> list[dict[str, Any]]:
    """Return the lines of a JSON Lines file."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def measure(
    rows: Sequence[dict[str, Any]], model: str | Path | None = None
) -> tuple[dict[str, Any], list[Outcome]]:
    """Return the figures of labelled messages, and what became of each."""
    path = Path(model or settings.ROOT / "models")
    if not path.exists():
        raise FileNotFoundError(f"no model at {path}: run `faro train` first")
    desk = Desk()
    said = [desk.says(row["text"]) for row in rows]
    asked = [(row["text"], about) for row, (_, about) in zip(rows, said, strict=True)]
    parses, times, megabytes = asyncio.run(_ask(asked, path))
    outcomes = [
        _outcome(row, parse, spent) for row, parse, spent in zip(rows, parses, times, strict=True)
    ]
    heard = [
        hears(row, hit, parse) for row, (hit, _), parse in zip(rows, said, parses, strict=True)
    ]
    figures = {
        **summarise(outcomes),
        "crisis": evaluate_crisis.summarise(heard),
        "megabytes": megabytes,
    }
    return figures, outcomes


async def _ask(
    asked: Sequence[tuple[str, dict[str, Any]]], model: Path
) -> tuple[list[dict[str, Any]], list[float], float]:
    """Return what is understood of each text, its share of its batch in ms, and megabytes.

    With each text comes what the desk says of it.
    """
    from bot.runtime import engine_patches, without_tensorflow
    from bot.runtime.settle import settle

    without_tensorflow.install()
    engine_patches.apply()
    from rasa.core.agent import load_agent
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER

    before = resident_megabytes()
    agent = await load_agent(str(model))
    processor = agent.processor
    if processor is None:
        raise FileNotFoundError(f"no model in {model}: run `faro train` first")
    target = processor.model_metadata.nlu_target

    def understand(some: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
        messages = [UserMessage(text, metadata=about) for text, about in some]
        inputs = {PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: None}
        found = processor.graph_runner.run(inputs=inputs, targets=[target])[target]
        return [message.as_dict(only_output_properties=True) for message in found]

    understand([("hola", {})])  # loads what is loaded when needed
    settle()  # as a worker does
    parses: list[dict[str, Any]] = []
    times: list[float] = []
    for start in range(0, len(asked), BATCH):
        some = asked[start : start + BATCH]
        began = time.perf_counter()
        parses += understand(some)
        times += [(time.perf_counter() - began) * 1000 / len(some)] * len(some)
    return parses, times, round(resident_megabytes() - before, 1)


def _outcome(row: dict[str, Any], parse: dict[str, Any], milliseconds: float) -> Outcome:
    intent = parse["intent"]["name"]
    ranking = tuple(
        (item["name"].removeprefix(_FAQ), float(item["confidence"]))
        for item in parse.get("intent_ranking") or []
        if item["name"].startswith(_FAQ)
    )
    if intent in _STAND_FOR:
        ranking = ((_STAND_FOR[intent], 1.0),)
    return Outcome.of(
        row,
        ranking=ranking,
        answered=intent == "faq" or intent in _STAND_FOR,
        found_language=(parse.get("language") or {}).get("name", ""),
        milliseconds=milliseconds,
    )


def resident_megabytes() -> float:
    """Return the memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20
