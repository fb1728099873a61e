"""Measures the two crisis guards on labelled messages: ``faro evaluate --crisis F.jsonl [--json]``.

A line of the file is ``{"text", "crisis"}``; ``lang`` and ``type`` are optional, and without
``crisis`` it is an ordinary message.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import settings
from bot.content.files import read_yaml
from bot.crisis import TYPES, Hit, Rules

GENERAL = "general"  # the answer when no type is sure


@dataclass(frozen=True)
class Heard:
    """What the guards made of one message.

    ``rules``: a rule was sure. ``model``: the model heard it, or confirmed what a rule doubted.
    ``maybe``: the model was not sure enough.
    """

    crisis: bool
    language: str
    rules: bool
    model: bool
    maybe: bool
    told: str = ""  # the type that the file names
    said: str = ""  # the type that is answered

    @property
    def both(self) -> bool:
        """Whether the person gets the answer to a crisis."""
        return self.rules or self.model


def evaluate(test_path: str | Path, model: str | Path | None = None) -> dict[str, Any]:
    """Return ``{"crisis": figures}`` for the messages of a file and a trained model.

    Raise ``FileNotFoundError`` if there is no model.
    """
    lines = Path(test_path).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    path = Path(model or settings.ROOT / "models")
    if not path.exists():
        raise FileNotFoundError(f"no model at {path}: run `faro train` first")
    return {"crisis": summarise(asyncio.run(_listen(rows, path)))}


async def _listen(rows: Iterable[dict[str, Any]], model: Path) -> list[Heard]:
    from bot.runtime import without_tensorflow

    without_tensorflow.install()
    from rasa.core.agent import load_agent
    from rasa.core.channels.channel import UserMessage

    agent = await load_agent(str(model))
    if agent.processor is None:
        raise FileNotFoundError(f"no model in {model}: run `faro train` first")
    desk = Desk()
    heard = []
    for row in rows:
        hit, about = desk.says(row["text"])
        parse = await agent.processor.parse_message(UserMessage(row["text"], metadata=about))
        heard.append(hears(row, hit, parse))
    return heard


class Desk:
    """What the desk makes of a message before the assistant sees it."""

    def __init__(self) -> None:
        files = sorted((settings.ROOT / "data" / "crisis").glob("*.yml"))
        self._rules = Rules.compile({path.stem: read_yaml(path) for path in files})

    def says(self, text: str) -> tuple[Hit | None, dict[str, Any]]:
        """Return the crisis that a rule is sure of, and what the second guard is told."""
        hit = self._rules.find(text)
        sure = hit is not None and hit.sure
        return (hit if sure else None), {
            "crisis_maybe": self._rules.hints_at(text),
            "crisis_doubt": hit.type if hit and not sure else None,
        }


def hears(row: dict[str, Any], hit: Hit | None, parse: dict[str, Any]) -> Heard:
    """Return what the guards made of a line: a rule's hit, and what Rasa understood."""
    return Heard(
        crisis=bool(row.get("crisis")),
        language=row.get("lang", ""),
        rules=hit is not None,
        model=parse["intent"]["name"] == "crisis",
        maybe="crisis_maybe" in parse,
        told=row.get("type") or "",
        said=hit.type if hit else _type(parse),
    )


def summarise(heard: Sequence[Heard]) -> dict[str, Any]:
    """Return recall and false alarms, of both guards and of each alone, in all and by language."""
    languages = sorted({one.language for one in heard})
    return {
        "n": len(heard),
        **_rates(heard, "both"),
        "by_language": {
            language: {"n": len(some), **_rates(some, "both")}
            for language in languages
            if (some := [one for one in heard if one.language == language])
        },
        "alone": {guard: _rates(heard, guard) for guard in ("rules", "model")},
        # Not taken for a crisis, but answered with how to call for help.
        "maybe": _rates([one for one in heard if not one.both], "maybe"),
        "types": _types([one for one in heard if one.crisis and one.both and one.told in TYPES]),
    }


def _type(parse: dict[str, Any]) -> str:
    found = [entity["value"] for entity in parse["entities"] if entity["entity"] == "crisis"]
    return str(found[0]) if found else ""


def _types(heard: Sequence[Heard]) -> dict[str, float | None]:
    """Return how many crises get an answer of their own, and how many of those the right one."""
    named = [one for one in heard if one.said != GENERAL]
    return {
        "named": _share([one.said != GENERAL for one in heard]),
        "right": _share([one.said == one.told for one in named]),
    }


def _rates(heard: Sequence[Heard], guard: str) -> dict[str, float | None]:
    told = [getattr(one, guard) for one in heard if one.crisis]
    other = [getattr(one, guard) for one in heard if not one.crisis]
    return {"recall": _share(told), "false_alarms": _share(other)}


def _share(found: Sequence[bool]) -> float | None:
    return round(sum(found) / len(found), 4) if found else None


def main(test: Path, as_json: bool) -> int:
    """Print the figures of a file; return the exit code."""
    figures = evaluate(test)
    if as_json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))  # noqa: T201 - asked for
    else:
        show(figures["crisis"])
    return 0


def show(figures: dict[str, Any]) -> None:
    """Print figures as a table for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", "recall", "false alarms", title=f"{figures['n']} messages")
    named = {
        "both guards": figures,
        **figures["alone"],
        **figures["by_language"],
        "of the rest, pointed to help": figures["maybe"],
    }
    for name, rates in named.items():
        shown = [rates["recall"], rates["false_alarms"]]
        table.add_row(name or "-", *("-" if share is None else f"{share:.1%}" for share in shown))
    console = Console()
    console.print(table)
    types = figures["types"]
    if types["named"] is not None and types["right"] is not None:
        console.print(f"type named {types['named']:.1%}, of these right {types['right']:.1%}")
