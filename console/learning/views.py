"""The page on which staff train Faro with what they labelled."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from console.learning import jobs, phrases
from console.learning.engine import EngineError
from console.learning.judge import FIGURES
from console.learning.models import Job
from console.staff import audit
from console.staff.roles import may


def figure_name(name: str) -> str:
    named = {
        "accuracy": _("understood, of all"),
        "accuracy_in_scope": _("understood, of what Faro can answer"),
        "top3": _("right topic among the first three"),
        "wrong_answers": _("answered wrongly (less is better)"),
        "oos_recall": _("recognised as not ours to answer"),
    }
    return named.get(name) or name.removeprefix("language_").upper()


@login_required
def training(request: HttpRequest) -> HttpResponse:
    """Show what waits and the newest job's numbers; start one, activate its model."""
    if not may(request.user, "train"):
        raise PermissionDenied
    if request.method == "POST" and "start" in request.POST:
        jobs.start(request.user)
        return redirect("faro_training")
    if request.method == "POST" and "take-out" in request.POST:
        for phrase in phrases.waiting().filter(pk=request.POST["take-out"]):
            audit.note(request.user, "phrase_taken_out", f"{phrase.language}: {phrase.label}")
            phrase.delete()
        return redirect("faro_training")
    if request.method == "POST":
        job = get_object_or_404(Job, pk=request.POST.get("activate") or 0)
        try:
            jobs.activate(job, request.user)
        except (EngineError, RedisError, OSError) as error:
            messages.error(request, str(error)[:300])
        else:
            messages.success(request, _("The new model answers from now on, without a restart."))
        return redirect("faro_training")
    running = jobs.running()  # before the newest is read: it may have ended unseen
    job = Job.objects.first()
    waiting = list(phrases.waiting())
    context: dict[str, Any] = {
        "heading": _("Train Faro"),
        "job": job,
        "running": running,
        "steps": _steps(job),
        "rows": _rows(job) if job else [],
        "waiting": waiting,
        "mine": bool(job) and phrases.labelled_by(request.user, job.learnt),
    }
    return render(request, "learning/training.html", context)


def _rows(job: Job) -> list[dict[str, Any]]:
    return [
        {
            "name": figure_name(name),
            "before": f"{old * 100:.1f} %",
            "after": f"{job.after.get(name, 0) * 100:.1f} %",
            "worse": name in job.worse,
            "known": name in FIGURES,
        }
        for name, old in job.before.items()
    ]


def _steps(job: Job | None) -> str:
    steps = {
        "prepare": _("Collecting the phrases"),
        "train": _("Training"),
        "evaluate": _("Measuring on the fixed questions"),
    }
    return steps.get(job.step, "") if job else ""
