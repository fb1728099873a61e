"""Plots as SVG: drawn by us, readable without colour, with the numbers in a table beside them."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from console.insight.reports import SMALL, Report

WIDTH, ROW, LABEL = 640, 24, 210
COLOURS = ("#2a7f6f", "#b3541e")


def chart(report: Report) -> SafeString:
    """Return a report's plot: lines of bars, or for days one bar a day."""
    return _days(report) if report.daily else _bars(report)


def _bars(report: Report, shown: int = 15) -> SafeString:
    rows = report.rows[:shown]
    largest = max((n or 0 for _label, numbers in rows for n in numbers), default=0) or 1
    per_row = ROW * len(report.columns)
    parts = []
    for place, (label, numbers) in enumerate(rows):
        top = place * (per_row + 6)
        parts.append(
            f'<text x="{LABEL - 8}" y="{top + per_row / 2 + 4}" text-anchor="end">'
            f"{escape(label[:30])}</text>"
        )
        for column, number in enumerate(numbers):
            y = top + column * ROW
            width = (number or 0) * (WIDTH - LABEL - 60) / largest
            text = f"&lt;{SMALL}" if number is None else f"{number}"
            parts.append(
                f'<rect x="{LABEL}" y="{y + 3}" width="{max(width, 1):.1f}" height="{ROW - 6}" '
                f'fill="{COLOURS[column % 2]}"/>'
                f'<text x="{LABEL + width + 6:.1f}" y="{y + ROW / 2 + 4}">{text}</text>'
            )
    return _svg(report, len(rows) * (per_row + 6) or 10, parts)


def _days(report: Report, height: int = 160) -> SafeString:
    largest = max((n or 0 for _d, numbers in report.rows for n in numbers), default=0) or 1
    step = (WIDTH - 40) / max(len(report.rows), 1)
    parts = [
        f'<text x="36" y="12" text-anchor="end">{largest}</text>',
        f'<text x="36" y="{height}" text-anchor="end">0</text>',
    ]
    for place, (day, numbers) in enumerate(report.rows):
        x = 40 + place * step
        for column, number in enumerate(numbers):
            tall = (number or 0) * (height - 10) / largest
            parts.append(
                f'<rect x="{x + column * step * 0.45:.1f}" y="{height - tall:.1f}" '
                f'width="{max(step * 0.42, 1):.1f}" height="{tall:.1f}" fill="{COLOURS[column]}"/>'
            )
        if place % max(len(report.rows) // 6, 1) == 0:
            parts.append(f'<text x="{x:.1f}" y="{height + 16}">{day[5:]}</text>')
    return _svg(report, height + 22, parts)


def _svg(report: Report, height: float, parts: list[str]) -> SafeString:
    return mark_safe(  # noqa: S308 - labels are escaped, the rest are numbers
        f'<svg class="faro-chart" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(report.title)}" font-size="12" font-family="sans-serif" '
        f'fill="#1d2b2e">{"".join(parts)}</svg>'
    )
