"""What the watcher saw change at the sources of facts, until a second person approved them anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from console.content.models import Contact, Fact
from console.insight.models import Happening

NEWEST = 1000  # events looked through
_MARKED = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}", re.DOTALL)


def since_approval(row: Any) -> list[Happening]:
    """Return what changed at a fact's source since the fact was last approved, newest first."""
    found = Happening.objects.filter(type="fact.changed", details__fact=row.key)
    if row.last_published_at:
        found = found.filter(at__gt=row.last_published_at)
    return list(found.order_by("-at")[:5])


def changed() -> Iterator[tuple[Any, Happening]]:
    """Yield each fact whose source changed since it was approved, with the newest change."""
    newest: dict[str, Happening] = {}
    for event in Happening.objects.filter(type="fact.changed").order_by("-at")[:NEWEST]:
        newest.setdefault(str(event.details.get("fact")), event)
    for model in (Fact, Contact):
        for row in model.objects.filter(live=True, key__in=list(newest)).order_by("key"):
            event = newest[row.key]
            if row.last_published_at is None or event.at > row.last_published_at:
                yield row, event


def marked(detail: str) -> SafeString:
    """Return the watcher's difference with what is gone and what is new marked.

    >>> marked("costs [-$100-] {+$5 < $6+}")
    'costs <del>$100</del> <ins>$5 &lt; $6</ins>'
    """

    def mark(found: re.Match[str]) -> str:
        gone, come = found.groups()
        return f"<del>{gone}</del>" if gone is not None else f"<ins>{come}</ins>"

    return mark_safe(_MARKED.sub(mark, escape(detail)))  # noqa: S308 - escaped
