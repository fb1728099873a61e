"""The inbox of questions Faro could not answer.

Lists show how many asked alike and what Faro thought of, never the words. Words are shown
one group at a time, to who may, and each showing is noted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bot.languages import LANGUAGES
from console.content.models import Answer, TrainingPhrase
from console.insight.grouping import groups
from console.insight.models import Unanswered
from console.insight.sealed import opened
from console.staff import audit
from console.staff.roles import may

LIMIT = 800  # newest questions that are grouped


@dataclass(frozen=True)
class Group:
    """Questions that ask alike; ``key`` is the id of the newest.

    ``nearest`` is what Faro thought of, ``chosen`` what people said they meant: label, title.
    """

    key: int
    members: tuple[Unanswered, ...]
    nearest: tuple[tuple[str, str], ...]
    chosen: tuple[tuple[str, str], ...]
    languages: str


def expire() -> int:
    """Forget the words whose time is over; return how many."""
    over = Unanswered.objects.filter(expires__lte=timezone.now()).exclude(sealed="")
    return int(over.update(sealed=""))


def waiting() -> list[Group]:
    """Return the questions still to be labelled, grouped."""
    rows = Unanswered.objects.filter(done_at=None, expires__gt=timezone.now())[:LIMIT]
    known = {row.pk: row for row in rows}
    texts = {pk: opened(row.message, row.sealed) or "" for pk, row in known.items()}
    titles = dict(Answer.objects.values_list("name", "title"))
    return [
        _group([known[pk] for pk in members], titles)
        for members in groups({pk: text for pk, text in texts.items() if text})
    ]


def _group(members: list[Unanswered], titles: dict[str, str]) -> Group:
    votes: Counter[str] = Counter()
    for member in members:
        for label, confidence in member.nearest:
            votes[label] += confidence
    nearest = [(name, titles[name]) for name, _n in votes.most_common(5) if name in titles][:3]
    meant = Counter(member.chosen for member in members if member.chosen in titles)
    spoken = Counter(LANGUAGES.get(m.language, (m.language or "?",))[0] for m in members)
    return Group(
        max(member.pk for member in members),
        tuple(members),
        tuple(nearest),
        tuple((name, titles[name]) for name, _n in meant.most_common(3)),
        ", ".join(f"{own} {count}" for own, count in spoken.most_common()),
    )


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    if not may(request.user, "inbox"):
        raise PermissionDenied
    found = waiting()
    context = {
        "heading": _("Unanswered questions"),
        "groups": found[:60],
        "total": sum(len(group.members) for group in found),
        "may_reveal": may(request.user, "reveal"),
    }
    return render(request, "insight/inbox.html", context)


@login_required
def group(request: HttpRequest, key: int) -> HttpResponse:
    """Show the words of one group, and take its label."""
    if not (may(request.user, "inbox") and may(request.user, "reveal")):
        raise PermissionDenied
    found = next((each for each in waiting() if key in {m.pk for m in each.members}), None)
    if found is None:
        messages.info(request, _("These questions were labelled, or their time is over."))
        return redirect("faro_inbox")
    if request.method == "POST":
        return _label(request, found)
    audit.note(request.user, "reveal", f"{len(found.members)} questions, group {key}")
    rows = [(row, opened(row.message, row.sealed) or "") for row in found.members]
    context = {
        "heading": ngettext("%(n)s question", "%(n)s questions that ask alike", len(rows))
        % {"n": len(rows)},
        "group": found,
        "rows": rows[:100],
        "answers": Answer.objects.order_by("title").values_list("name", "title"),
        "languages": [(code, own) for code, (own, _l) in LANGUAGES.items()],
    }
    return render(request, "insight/group.html", context)


def _label(request: HttpRequest, found: Group) -> HttpResponse:
    label = request.POST.get("label", "")
    now = timezone.now()
    if label != "-" and not Answer.objects.filter(name=label).exists():
        messages.error(request, _("Choose the question they ask."))
        return redirect("faro_group", key=found.key)
    added = 0
    for row in found.members:
        text = " ".join(request.POST.get(f"text-{row.pk}", "").split())[:500]
        language = request.POST.get(f"language-{row.pk}", row.language or "es")
        if label != "-" and text and request.POST.get(f"use-{row.pk}"):
            added += _learn(language, label, text, request.user)
        row.label, row.done_by, row.done_at, row.sealed = label, request.user, now, ""
        row.save()
    audit.note(request.user, "labelled", f"{len(found.members)} questions: {label}")
    messages.success(
        request,
        ngettext("%(n)s phrase will be learnt.", "%(n)s phrases will be learnt.", added)
        % {"n": added},
    )
    return redirect(reverse("faro_inbox"))


def _learn(language: str, label: str, text: str, user: Any) -> int:
    """Add a phrase that the next model is tried with, unless it is there already."""
    if TrainingPhrase.objects.filter(language=language, label=label, text=text).exists():
        return 0
    TrainingPhrase.objects.create(
        language=language, label=label, text=text, from_inbox=True, added_by=user, live=False
    )
    return 1
