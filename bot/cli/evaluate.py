"""``faro evaluate``: how well messages are understood."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path
from typing import Any

from rich.console import Console

from bot import evaluate, evaluate_crisis, evaluate_fresh, settings
from bot.evaluate_report import draw, show, show_misread
from bot.figures import Outcome
from bot.pipeline.phrases import labelled
from bot.processes.models import current_model, newest_model
from bot.runtime.logs import configure_logs

# What tests/pipeline/test_regression.py compares with.
RECORDED = ("n", "accuracy", "top3", "wrong_answers")


def main(options: argparse.Namespace) -> int:
    configure_logs(logging.ERROR)
    if not options.test:
        if options.train or options.compare or not options.crisis:
            raise settings.SettingError("Give --test F.jsonl, or --crisis F.jsonl alone.")
        return evaluate_crisis.main(options.crisis, options.json)
    test = _rows(options.test)
    named: dict[str, dict[str, Any]] = {}
    if options.train:
        train = _rows(options.train)
        figures, outcomes = evaluate_fresh.measure(train, test, options.language)
    else:
        train = [
            {"text": text, "label": label, "lang": language}
            for text, label, language in labelled(settings.ROOT / "data" / "nlu")
        ]
        figures, outcomes = evaluate.measure(test, current_model() or newest_model())
    named["faro"] = figures
    if options.compare:
        from bench.understanding import measure as vanilla

        named[options.compare], _ = vanilla(train, test)
    if options.crisis:
        figures["crisis"] = evaluate_crisis.evaluate(options.crisis)["crisis"]
    if options.record:
        recorded = {name: figures[name] for name in RECORDED}
        options.record.write_text(json.dumps(recorded, indent=2) + "\n", encoding="utf-8")
    if options.out:
        given = [{"label": o.first if o.answered else ""} for o in outcomes]
        options.out.write_text("".join(json.dumps(line) + "\n" for line in given), encoding="utf-8")
    if options.json:
        found = {**figures, **{name: side for name, side in named.items() if name != "faro"}}
        print(json.dumps(found, ensure_ascii=False, indent=2))  # noqa: T201 - asked for
    else:
        _tell(named, outcomes, options.picture or _picture(options.test))
    return 0


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        return evaluate.read_rows(path)
    except (OSError, ValueError) as error:
        raise settings.SettingError(f"{path} cannot be read: {error}") from error


def _picture(test: Path) -> Path:
    return settings.var_folder() / "evaluate" / f"{test.stem}.png"


def _tell(named: dict[str, dict[str, Any]], outcomes: list[Outcome], picture: Path) -> None:
    show(named)
    show_misread(outcomes)
    draw(outcomes, picture)
    Console(highlight=False).print(f"What was taken for what: {picture}")
