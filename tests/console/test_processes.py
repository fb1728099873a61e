"""What other processes do with the database we see, too: read events until killed, run a job."""

import os
import signal
from multiprocessing import get_context

import pytest
from django.db import connection, connections

from bot.chaos.system import children, wait_for
from console.insight import ingest as reader
from console.insight.models import Happening
from console.learning import jobs
from console.learning.models import Job
from tests.console.events import add
from tests.console.people import signed_in

pytestmark = pytest.mark.usefixtures("committed")


def ingest_until_killed():
    """Read what is new; be killed when the rows are written and the place is about to be."""
    written = []

    def kill(execute, sql, *rest):
        if Happening._meta.db_table in sql and sql.startswith("INSERT"):
            written.append(sql)
        if written and sql.startswith("UPDATE"):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, *rest)

    with connection.execute_wrapper(kill):
        reader.ingest()


def test_killed_between_rows_and_cursor_nothing_is_lost_or_doubled(store):
    for _ in range(5):
        add(store, label="tps")
    connections.close_all()  # two processes cannot share one
    reading = get_context("fork").Process(target=ingest_until_killed)
    reading.start()
    reading.join()
    assert reading.exitcode == -signal.SIGKILL
    assert Happening.objects.count() == 0
    assert reader.ingest(store) == 5


def test_only_one_job_runs(monkeypatch):
    """It ends at once: what every model is measured on is missing."""
    monkeypatch.setenv("CONSOLE_FIXED_SET", "data/eval/none.jsonl")
    user, client = signed_in("marta", "reviewer")
    client.post("/training/", {"start": "1"})
    (started,) = children(os.getpid(), "console job")
    os.kill(started, signal.SIGSTOP)  # it must not be over before somebody presses again
    try:
        client.post("/training/", {"start": "1"})
        assert children(os.getpid(), "console job") == [started]
        assert jobs.start(user) == Job.objects.get()
    finally:
        os.kill(started, signal.SIGCONT)
    assert wait_for(lambda: Job.objects.get().state == Job.State.FAILED, 120)
    assert "none.jsonl is missing" in Job.objects.get().problem
