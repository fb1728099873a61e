"""A fact's value between its file, where it has a type, and a form, where it is text."""

from __future__ import annotations

from datetime import date

NUMBERS = ("number", "money", "duration")


def read_value(kind: str, text: str) -> float | str | date | None:
    """Return the value that a form's text stands for; text that is none stays text.

    >>> read_value("money", "100"), read_value("number", "0.5"), read_value("phone", "911")
    (100, 0.5, '911')
    """
    text = text.strip()
    if not text or kind == "statement":
        return text or None
    try:
        if kind in NUMBERS:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        if kind == "date":
            return date.fromisoformat(text)
    except ValueError:
        return text
    return text


def write_value(value: float | str | date | None) -> str:
    """Return the value as a form shows it.

    >>> write_value(date(2026, 1, 2)), write_value(None), write_value(1.5)
    ('2026-01-02', '', '1.5')
    """
    return "" if value is None else str(value)
