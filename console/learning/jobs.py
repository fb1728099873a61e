"""Train, evaluate, compare, activate: a job in a process of its own."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils import timezone

from bot import settings as faro
from console import config
from console.learning import judge
from console.learning.engine import BotEngine, Engine, EngineError
from console.learning.models import Job
from console.staff import audit

logger = logging.getLogger(__name__)

SHOWN = 200  # messages answered differently that are kept for staff


def fixed_set() -> Path:
    """Return the messages that every model is measured on."""
    return faro.ROOT / config.get("CONSOLE_FIXED_SET")


def running() -> Job | None:
    return Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).first()


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
    engine.prepare()
    job.at("train", 10)
    job.model = engine.train()
    job.at("evaluate", 55)
    job.before = judge.figures(engine.evaluate(test, live=True))
    job.at("evaluate", 70)
    job.after = judge.figures(engine.evaluate(test, live=False))
    job.at("compare", 80)
    job.changed = _changed(engine, test)
    job.worse = judge.worse(job.before, job.after)
    job.percent, job.step = 100, ""
    job.state = Job.State.REFUSED if job.worse else Job.State.READY


def _changed(engine: Engine, test: Path) -> list[dict[str, str]]:
    """Return the messages of the fixed set that the new model takes for something else."""
    import json

    asked = [json.loads(line) for line in test.read_text().splitlines() if line.strip()]
    before, after = engine.ask(test, live=True), engine.ask(test, live=False)
    return [
        {
            "text": row["text"],
            "lang": row.get("lang", ""),
            "label": row.get("label", ""),
            "before": old.get("label") or "",
            "after": new.get("label") or "",
        }
        for row, old, new in zip(asked, before, after, strict=True)
        if old.get("label") != new.get("label")
    ][:SHOWN]


def activate(job: Job, user: Any, engine: Engine | None = None) -> None:
    """Let a model that is ready answer people; raise ``EngineError`` if it may not."""
    if job.state != Job.State.READY:
        raise EngineError("only a model that made nothing worse may answer people")
    engine = engine or BotEngine(faro.var_folder().resolve() / "console" / "candidate")
    engine.activate(job.model)
    Job.objects.filter(state=Job.State.ACTIVE).update(state=Job.State.READY)
    job.state = Job.State.ACTIVE
    job.save()
    audit.note(user, "activate_model", f"job {job.pk}: {job.model}")
