"""A Django of its own for these tests: a fresh database file, filled once from ``data/``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

FOLDER = Path(tempfile.mkdtemp(prefix="faro-console-"))
os.environ["FARO_VAR"] = str(FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "console.settings"
os.environ.pop("DATABASE_URL", None)

from console.catalogs import compile_catalogs  # noqa: E402

compile_catalogs()

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402

from bot.settings import ROOT  # noqa: E402


@pytest.fixture(scope="session")
def tree():
    """The content as it stands when the tests begin: a copy nobody edits meanwhile."""
    from console.content import entries

    root = FOLDER / "tree"
    for path in entries.paths(ROOT):
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return root


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def redis_server():
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
