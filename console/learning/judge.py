"""Whether a new model may answer people: nothing that counts may get worse on the fixed set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# figure -> (where it stands, whether more is better, how much it may slip by chance): a new
# topic moves two or three of six hundred messages across the threshold, whatever it is about.
FIGURES: dict[str, tuple[tuple[str, ...], bool, float]] = {
    "accuracy": (("accuracy",), True, 0.0),
    "accuracy_in_scope": (("accuracy_in_scope",), True, 0.0),
    "top3": (("top3",), True, 0.005),
    "wrong_answers": (("wrong_answers",), False, 0.005),
    "oos_recall": (("oos", "recall"), True, 0.01),
}
LANGUAGE_SLIP = 0.01


def figures(result: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures that are compared, one level deep."""
    found: dict[str, float] = {}
    for name, (path, _more, _slip) in FIGURES.items():
        value: Any = result
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, int | float):
            found[name] = round(float(value), 4)
    for language, row in sorted((result.get("by_language") or {}).items()):
        if language and isinstance(row, Mapping):
            found[f"language_{language}"] = round(float(row.get("accuracy", 0)), 4)
    return found


def worse(before: Mapping[str, float], after: Mapping[str, float]) -> list[str]:
    """Return the names of the figures that got worse."""
    return list(_worse(before, after))


def _worse(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[str]:
    for name, old in before.items():
        more, slip = True, LANGUAGE_SLIP
        if name in FIGURES:
            _path, more, slip = FIGURES[name]
        new = after.get(name)
        # What is no longer measured cannot be shown to be as good.
        if new is None or (new < old - slip if more else new > old + slip):
            yield name
