"""What the campaign can learn from the events: counts by day, topic, language, channel, country.

Nothing here is about a person. A count under ten is not shown, and neither is one that could
be worked out from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from console.content.models import Answer
from console.insight.models import Happening

SMALL = 10
Number = int | None  # None: too small to be shown


@dataclass(frozen=True)
class Report:
    """One table: its name, its columns, and rows of a label and numbers."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Number, ...]], ...]
    daily: bool = False

    @property
    def hidden(self) -> int:
        return sum(number is None for _label, numbers in self.rows for number in numbers)


def hide(counts: Iterable[int]) -> list[Number]:
    """Return counts with the small ones hidden, and one more if a total would give it away.

    >>> hide([40, 12, 3]), hide([40, 12, 3, 2]), hide([0, 50])
    ([40, None, None], [40, 12, None, None], [0, 50])
    """
    listed = list(counts)
    shown: list[Number] = [n if n == 0 or n >= SMALL else None for n in listed]
    if shown.count(None) == 1:
        others = [n for n in shown if n]
        if others:
            shown[shown.index(min(others))] = None
    return shown


def answered(since: date, until: date) -> QuerySet[Happening]:
    return Happening.objects.filter(type="answered", day__gte=since, day__lte=until)


def reports(since: date, until: date) -> list[Report]:
    """Return every report for a span of days."""
    asked = answered(since, until)
    all_of = Happening.objects.filter(day__gte=since, day__lte=until)
    titles = dict(Answer.objects.values_list("name", "title"))
    return [
        _by_day(all_of, since, until),
        _by("topics", _("Topics"), asked.exclude(label=""), "label", lambda k: titles.get(k, k)),
        _by("languages", _("Languages"), asked, "language"),
        _by("channels", _("Channels"), asked, "channel"),
        _by("countries", _("Countries"), asked, "country", lambda k: k or _("not known")),
        _helpful(all_of, titles),
        _by("referrals", _("Referred to"), all_of.filter(type="referral"), "details__contact"),
        _delivery(all_of),
        _by("crisis", _("Crises"), asked.exclude(crisis=""), "crisis"),
    ]


def _by(
    key: str,
    title: str,
    rows: QuerySet[Happening],
    field: str,
    name: Callable[[str], str] = lambda k: k or "—",
) -> Report:
    counted = list(rows.values_list(field).annotate(n=Count("pk")).order_by("-n"))
    numbers = hide(n for _k, n in counted)
    return Report(
        key,
        title,
        (_("messages"),),
        tuple((name(k or ""), (n,)) for (k, _n), n in zip(counted, numbers, strict=True)),
    )


def _by_day(rows: QuerySet[Happening], since: date, until: date) -> Report:
    counted = {
        row["day"]: row
        for row in rows.values("day").annotate(
            asked=Count("pk", filter=Q(type="answered")),
            missed=Count("pk", filter=Q(type="not_understood")),
        )
    }
    days = [since + timedelta(n) for n in range((until - since).days + 1)]
    columns = [
        hide(counted.get(day, {}).get(name, 0) for day in days) for name in ("asked", "missed")
    ]
    table = tuple(
        (day.isoformat(), numbers)
        for day, numbers in zip(days, zip(*columns, strict=True), strict=True)
    )
    return Report("days", _("Day by day"), (_("messages"), _("not understood")), table, daily=True)


def _helpful(rows: QuerySet[Happening], titles: dict[str, str]) -> Report:
    counted = list(
        rows.filter(type="feedback")
        .values("label")
        .annotate(yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False)))
        .order_by("label")
    )
    table = [
        (titles.get(row["label"], row["label"]), tuple(hide([row["yes"], row["no"]])))
        for row in counted
        if row["yes"] + row["no"] >= SMALL
    ]
    return Report("helpful", _("Was it helpful?"), (_("yes"), _("no")), tuple(table))


def _delivery(rows: QuerySet[Happening]) -> Report:
    counted = list(
        rows.filter(type__in=("delivered", "failed"))
        .values("channel")
        .annotate(
            good=Count("pk", filter=Q(type="delivered")), bad=Count("pk", filter=Q(type="failed"))
        )
        .order_by("channel")
    )
    table = [(row["channel"] or "—", tuple(hide([row["good"], row["bad"]]))) for row in counted]
    return Report("delivery", _("Delivery"), (_("delivered"), _("failed")), tuple(table))


def share_unanswered(since: date, until: date) -> str:
    """Return the share of messages not understood, or "—" where there were too few."""
    counted = Happening.objects.filter(day__gte=since, day__lte=until)
    total = counted.filter(type="answered").count()
    missed = counted.filter(type="not_understood").count()
    return f"{missed * 100 / total:.1f} %" if total >= SMALL and missed >= SMALL else "—"


def cell(number: Number) -> Any:
    return f"<{SMALL}" if number is None else number
