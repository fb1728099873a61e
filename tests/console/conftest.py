"""A Django of its own for these tests: a fresh database file, filled once from ``data/``."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

FOLDER = Path(tempfile.mkdtemp(prefix="faro-console-"))
OURS = {
    "FARO_VAR": str(FOLDER),
    "DJANGO_SETTINGS_MODULE": "console.settings",
    # SQLite, or the PostgreSQL that test_postgresql.py has started.
    "DATABASE_URL": os.environ.get("TEST_POSTGRES_URL", ""),
}

# Django reads its settings once; other tests of this process keep the environment they had.
with pytest.MonkeyPatch.context() as environment:
    for name, value in OURS.items():
        environment.setenv(name, value)
    from console.catalogs import compile_catalogs

    compile_catalogs()

    import django

    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402

from bot.settings import ROOT  # noqa: E402


@pytest.fixture(scope="package", autouse=True)
def ours():
    """The environment of the console under test, as long as its tests run."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in OURS.items():
            environment.setenv(name, value)
        yield
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="package")
def tree(ours):
    """The content as it stands when the tests begin: a copy nobody edits meanwhile."""
    from console.content import entries

    root = FOLDER / "tree"
    for path in entries.paths(ROOT):
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return root


@pytest.fixture(scope="package")
def filled(tree):
    """The database with everything imported; made once."""
    from console.content.importing import import_files
    from console.staff.setup import ensure

    call_command("migrate", verbosity=0)
    report = import_files(tree)
    ensure()
    connections.close_all()
    return report


@pytest.fixture
def db(filled):
    """Undo whatever a test wrote."""
    from console.content import assemble

    atomic = transaction.atomic()
    atomic.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
        assemble.forget()


FEW = ("tps", "asylum_us", "hotlines", "crisis_general")


@pytest.fixture
def few(db):
    """Content of a few answers and one language's crisis rules.

    It is checked at every publication: all of it takes seconds, this a fifth of one.
    """
    from console.content.models import Answer, CrisisRuleSet, Guide

    Guide.objects.all().delete()
    CrisisRuleSet.objects.exclude(language="ht").delete()
    Answer.objects.exclude(name__in=FEW).delete()
    for row in Answer.objects.all():
        row.next = [name for name in row.next if name in FEW]
        row.save()


@pytest.fixture
def committed(filled):
    """What a test writes is really there, for the processes it starts; afterwards it is gone."""
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.models import Session

    from console.insight.models import Cursor, Happening
    from console.learning.models import Job
    from console.staff.models import Audit

    written = (Happening, Cursor, Job, Audit, Session, get_user_model())
    assert not any(model.objects.exists() for model in written)
    yield
    for model in written:
        model.objects.all().delete()


@pytest.fixture(scope="package")
def redis_server(ours):
    """A real Redis of our own; returns its address."""
    from bot.runtime import embedded_redis

    folder = FOLDER / "redis"
    process = embedded_redis.start(folder)
    yield embedded_redis.url(folder)
    process.kill()
    process.wait()


@pytest.fixture
def store(redis_server, monkeypatch):
    """The store, empty."""
    from redis import Redis

    monkeypatch.setenv("REDIS_URL", redis_server)
    client = Redis.from_url(redis_server)
    client.flushall()
    for path in (FOLDER / "releases").glob("*.json"):
        path.unlink()
    return client
