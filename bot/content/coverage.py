"""How much of the content each language has, and how much of that a speaker has read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.content.model import SOURCE_LANGUAGE, Content
from bot.languages import own_name


@dataclass(frozen=True)
class Coverage:
    """Answers of one language: how many there should be, are translated, are reviewed."""

    language: str
    total: int
    translated: int
    reviewed: int


def coverage(content: Content) -> list[Coverage]:
    """Return the coverage of every language, Spanish first."""
    total = len(content.answers[SOURCE_LANGUAGE])
    return [
        Coverage(
            language,
            total,
            len(answers),
            sum(answer.reviewed for answer in answers.values()),
        )
        for language, answers in content.answers.items()
    ]


def draw(rows: list[Coverage], path: Path) -> None:
    """Write a picture of the coverage."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 0.5 * len(rows) + 1.2), dpi=110)
    names = [own_name(row.language) for row in rows][::-1]
    parts = (
        ("reviewed", "#0b6b5a", [row.reviewed for row in rows]),
        ("awaiting a reader", "#f2b632", [row.translated - row.reviewed for row in rows]),
        ("in Spanish only", "#d9dde0", [row.total - row.translated for row in rows]),
    )
    left = [0] * len(rows)
    for label, color, values in parts:
        axes.barh(names, values[::-1], left=left, color=color, label=label)
        left = [before + value for before, value in zip(left, values[::-1], strict=True)]
    axes.set_xlabel("answers")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=3, frameon=False)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
