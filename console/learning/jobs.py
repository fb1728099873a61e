"""Train, evaluate, compare, activate: a job in a process of its own."""

from __future__ import annotations

import fcntl
import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bot import settings as faro
from console import config
from console.learning import judge, phrases
from console.learning.engine import BotEngine, Engine, EngineError, Measured
from console.learning.models import Job
from console.staff import audit

logger = logging.getLogger(__name__)

BEGINS_WITHIN = timedelta(minutes=2)  # from the button to the process
SHOWN = 200  # messages answered differently that are kept for staff


def fixed_set() -> Path:
    """Return the messages that every model is measured on."""
    return faro.ROOT / config.get("CONSOLE_FIXED_SET")


def running() -> Job | None:
    """Return the job at work; one that ended with its machine or container is failed by then."""
    job = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first()
    if job is None or timezone.now() - job.began_at < BEGINS_WITHIN:
        return job
    with _lock().open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return job  # its process holds it
    job.refresh_from_db()
    if job.state in (Job.State.WAITING, Job.State.RUNNING):
        job.state, job.ended_at = Job.State.FAILED, timezone.now()
        job.problem = _("It was ended from outside, with its machine perhaps. Train once more.")
        job.save()
    return None


def _lock() -> Path:
    """Return the file that the process of a job holds locked: the lock goes when it goes."""
    folder = faro.var_folder() / "console"
    folder.mkdir(exist_ok=True)
    return folder / "job.lock"


def start(user: Any) -> Job:
    """Begin a job, unless one is running: then return that one."""
    if job := running():
        return job
    job = Job.objects.create(by=user)
    audit.note(user, "train", f"job {job.pk}")
    subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "console", "job", str(job.pk)],
        cwd=faro.ROOT,
        start_new_session=True,
    )
    return job


def run(number: int, engine: Engine | None = None, test: Path | None = None) -> int:
    """Do one job from begin to end; return an exit code."""
    job = Job.objects.get(pk=number)
    engine = engine or BotEngine(faro.var_folder().resolve() / "console" / "candidate")
    with _lock().open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            _run(job, engine, test or fixed_set())
        except (EngineError, OSError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
            logger.exception("job.failed number=%s", number)
            job.state, job.problem = Job.State.FAILED, str(error)[-1500:]
        job.ended_at = timezone.now()
        job.save()
    return int(job.state == Job.State.FAILED)


def _run(job: Job, engine: Engine, test: Path) -> None:
    if not test.exists():
        raise FileNotFoundError(f"{test} is missing: without it no model can be compared")
    job.at("prepare", 5)
    fresh = list(phrases.waiting())
    job.learnt = [phrase.pk for phrase in fresh]
    engine.prepare(fresh)
    job.at("train", 10)
    with ThreadPoolExecutor(1) as beside:  # on another core than the training
        measuring = beside.submit(engine.measure, test, True)
        job.model = engine.train()
        job.at("evaluate", 70)
        after, before = engine.measure(test, False), measuring.result()
    job.before, job.after = judge.figures(before.figures), judge.figures(after.figures)
    job.changed = _changed(test, before, after)
    job.worse = judge.worse(job.before, job.after)
    job.percent, job.step = 100, ""
    job.state = Job.State.REFUSED if job.worse else Job.State.READY


def _changed(test: Path, before: Measured, after: Measured) -> list[dict[str, str]]:
    """Return the messages that are answered with something else, or not any more."""
    asked = [json.loads(line) for line in test.read_text().splitlines() if line.strip()]
    return [
        {
            "text": row["text"],
            "lang": row.get("lang", ""),
            "label": row.get("label", ""),
            "before": old,
            "after": new,
        }
        for row, old, new in zip(asked, before.labels, after.labels, strict=True)
        if old != new
    ][:SHOWN]


def activate(job: Job, user: Any, engine: Engine | None = None) -> None:
    """Let a model that is ready answer people; raise ``EngineError`` if it may not."""
    if job.state != Job.State.READY:
        raise EngineError(_("Only a model with which nothing got worse may answer people."))
    if phrases.labelled_by(user, job.learnt):
        raise EngineError(_("You labelled some of its phrases: somebody else must activate it."))
    if not phrases.still_there(job.learnt):
        raise EngineError(_("A phrase it learnt was taken out since. Train once more."))
    engine = engine or BotEngine(faro.var_folder().resolve() / "console" / "candidate")
    with transaction.atomic():
        phrases.approve(job.learnt)
        Job.objects.filter(state=Job.State.ACTIVE).update(state=Job.State.READY)
        job.state = Job.State.ACTIVE
        job.save()
        engine.activate(job.model)
    audit.note(user, "activate_model", f"job {job.pk}: {job.model}")
