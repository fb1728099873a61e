"""Shows an evaluation to people: tables, what is taken for what, and the misread messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.figures import Outcome

SHOWN_LABELS = 15
SHOWN_MESSAGES = 40
# Nothing to be seen in a picture of more.
MOST_DRAWN = 80
_SHARES = (
    "accuracy",
    "accuracy_in_scope",
    "accuracy_also_ok",
    "top3",
    "answered",
    "asked_back",
    "wrong_answers",
    "language_found",
)


def show(named: Mapping[str, dict[str, Any]]) -> None:
    """Print the figures of one or more systems side by side."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    sides = list(named.values())
    table = Table("", *named, title=f"{sides[0]['n']} messages")
    for name in _SHARES:
        if any(name in side for side in sides):
            table.add_row(name.replace("_", " "), *(_percent(side.get(name)) for side in sides))
    for group in ("oos", "crisis"):
        for name in ("recall", "false_alarm", "false_alarms", "auroc"):
            if any(name in side.get(group, {}) for side in sides):
                shown = [_percent(side.get(group, {}).get(name)) for side in sides]
                told = {"oos": "out of scope", "crisis": "crisis"}[group]
                table.add_row(f"{told}: {name.replace('_', ' ')}", *shown)
    for name in ("p50", "p95"):
        table.add_row(f"milliseconds, {name}", *(f"{side['ms'][name]:.1f}" for side in sides))
    for name in ("megabytes", "train_seconds"):
        if any(name in side for side in sides):
            row = [f"{side[name]:.0f}" if name in side else "-" for side in sides]
            table.add_row(name.replace("_", " "), *row)
    for language, found in sides[0]["by_language"].items():
        shown = [_percent(side["by_language"][language]["accuracy"]) for side in sides]
        table.add_row(f"accuracy, {language or '-'} ({found['n']})", *shown)
    console.print(table)
    worst = sorted(sides[0]["by_label"].items(), key=lambda item: item[1]["accuracy"])
    table = Table("worst labels", "messages", *named)
    for label, found in worst[:SHOWN_LABELS]:
        shown = [_percent(side["by_label"][label]["accuracy"]) for side in sides]
        table.add_row(label, str(found["n"]), *shown)
    console.print(table)


def show_misread(outcomes: Sequence[Outcome]) -> None:
    """Print the messages whose first topic serves in no way, the surest mistakes first."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    misread = [one for one in outcomes if one.first not in (one.label, *one.also_ok)]
    misread.sort(key=lambda one: (not one.answered, -(one.ranking[0][1] if one.ranking else 0.0)))
    table = Table("misread message", "meant", "taken for", "p", "")
    for one in misread[:SHOWN_MESSAGES]:
        share = f"{one.ranking[0][1]:.2f}" if one.ranking else "-"
        came = "answered" if one.answered else "asked back"
        table.add_row(Text(one.text), one.label, one.first or "-", share, came)
    console = Console()
    console.print(table)
    if len(misread) > SHOWN_MESSAGES:
        console.print(f"and {len(misread) - SHOWN_MESSAGES} more")


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write a picture of which labels (rows) were taken for which (columns).

    A label is left out if all its messages were understood and none was taken for it; of
    many, those with the most mistakes are drawn.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    pairs = Counter((one.label, one.first or "-") for one in outcomes)
    mixed: Counter[str] = Counter()
    for (meant, taken), times in pairs.items():
        if meant != taken:
            mixed.update({meant: times, taken: times})
    names = sorted(name for name, _ in mixed.most_common(MOST_DRAWN))
    size = 2.5 + 0.17 * len(names)
    figure, axes = pyplot.subplots(figsize=(size, size), dpi=110)
    said = Counter(one.label for one in outcomes)
    shares = [[pairs[meant, taken] / max(said[meant], 1) for taken in names] for meant in names]
    axes.imshow(shares or [[0.0]], cmap="Greens", vmin=0.0, vmax=1.0)
    for row, meant in enumerate(names):
        for column, taken in enumerate(names):
            if times := pairs[meant, taken]:
                color = "white" if shares[row][column] > 0.5 else "black"
                place = {"ha": "center", "va": "center", "fontsize": 6}
                axes.text(column, row, str(times), color=color, **place)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.set_xlabel("taken for")
    axes.set_ylabel("meant")
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    pyplot.close(figure)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
