"""What there is to do: found anew each time from what is so, in one list for the home page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from bot.runtime import keys
from console.content.models import Contact, Fact
from console.content.translations import LIVE, MISSING
from console.insight.models import Happening, Task, Unanswered
from console.insight.sources import changed
from console.staff.roles import may
from console.translation.coverage import coverage

SOON = timedelta(days=14)
FEW_RATINGS, POOR = 10, 0.5


@dataclass(frozen=True)
class ToDo:
    """One thing to do. ``duty`` is the action of ``roles`` it takes; ``key`` names it for good."""

    key: str
    text: str
    url: str
    duty: str
    hint: str = ""
    urgent: bool = False
    owner: Any = None


def todo(user: Any) -> list[ToDo]:
    """Return what a user could do today, the urgent first."""
    owners = {task.key: task.owner for task in Task.objects.select_related("owner")}
    found = [
        ToDo(**{**vars(each), "owner": owners.get(each.key)})
        for each in (*_facts(), *_sources(), *_translations(), *_questions(), *_rated(), *_dead())
        if may(user, each.duty)
    ]
    return sorted(found, key=lambda each: (not each.urgent, each.owner not in (None, user)))


def _facts() -> Iterator[ToDo]:
    today = timezone.now().date()
    for model in (Fact, Contact):
        rows = model.objects.filter(live=True, valid_until__lte=today + SOON)
        due = rows.exclude(confidence="unverified")
        counted = due.values("owner").annotate(n=Count("pk")).order_by("owner")
        base = reverse(model.snippet_viewset.get_url_name("list"))
        for row in counted:
            over = due.filter(owner=row["owner"], valid_until__lt=today).count()
            yield ToDo(
                f"{model._meta.model_name}:{row['owner']}",
                _to_check(model, row["n"]) % {"n": row["n"], "owner": row["owner"]},
                f"{base}?owner={row['owner']}&ordering=valid_until",
                "write_facts",
                ngettext("%(n)s is past its day", "%(n)s are past their day", over) % {"n": over}
                if over
                else "",
            )
        yield from _withdrawn(model, today)


def _to_check(model: Any, n: int) -> str:
    if model is Contact:
        return ngettext("%(n)s contact to be checked", "%(n)s contacts to be checked", n)
    return ngettext(
        "%(n)s fact to be checked (%(owner)s)", "%(n)s facts to be checked (%(owner)s)", n
    )


def _withdrawn(model: Any, today: date) -> Iterator[ToDo]:
    for row in model.objects.filter(live=True, withdraw_after__lt=today)[:20]:
        yield ToDo(
            f"withdrawn:{row.key}",
            _("%(name)s is no longer said: its time is over") % {"name": row.key},
            reverse(model.snippet_viewset.get_url_name("edit"), args=[row.pk]),
            "write_facts",
            urgent=True,
        )


def _sources() -> Iterator[ToDo]:
    for row, event in changed():
        there = event.details.get("value_there", True)
        text = (
            _("The source of %(name)s changed (%(owner)s)")
            if there
            else _("The source of %(name)s no longer says it (%(owner)s)")
        )
        yield ToDo(
            f"source:{row.key}",
            text % {"name": row.key, "owner": row.owner},
            reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk]),
            "write_facts",
            urgent=not there,
        )


def _translations() -> Iterator[ToDo]:
    for row in coverage():
        wrong = row.total - sum(row.counts[state] for state in LIVE)
        if not wrong:
            continue
        yield ToDo(
            f"translation:{row.language}",
            ngettext(
                "%(n)s text in %(language)s is missing or held back",
                "%(n)s texts in %(language)s are missing or held back",
                wrong,
            )
            % {"n": wrong, "language": row.own},
            reverse("faro_coverage") + f"?language={row.language}",
            "translate",
            _("%(n)s never translated") % {"n": row.counts[MISSING]},
        )


def _questions() -> Iterator[ToDo]:
    waiting = Unanswered.objects.filter(done_at=None, expires__gt=timezone.now()).count()
    if waiting:
        text = ngettext("%(n)s unanswered question", "%(n)s unanswered questions", waiting)
        yield ToDo("unanswered", text % {"n": waiting}, reverse("faro_inbox"), "inbox")


def _rated() -> Iterator[ToDo]:
    since = timezone.now() - timedelta(days=30)
    rows = (
        Happening.objects.filter(type="feedback", at__gt=since)
        .exclude(label="")
        .values("label")
        .annotate(n=Count("pk"), good=Count("pk", filter=Q(helpful=True)))
        .filter(n__gte=FEW_RATINGS)
    )
    for row in rows:
        if row["good"] / row["n"] < POOR:
            yield ToDo(
                f"rated:{row['label']}",
                _("Few people found “%(label)s” helpful") % {"label": row["label"]},
                reverse("faro_find_answer", args=[row["label"]]),
                "write_answers",
                f"{row['good']} / {row['n']}",
            )


def _dead() -> Iterator[ToDo]:
    from console.releases.publishing import NotPublished, store

    try:
        count = int(store().xlen(keys.DEAD_LETTERS))
    except (NotPublished, RedisError):
        return
    if count:
        text = ngettext(
            "%(n)s message could not be handled or sent",
            "%(n)s messages could not be handled or sent",
            count,
        )
        yield ToDo("dead", text % {"n": count}, reverse("faro_dead"), "audit", urgent=True)
