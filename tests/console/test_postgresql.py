"""The same tests on PostgreSQL, where its programs are installed (`tests/tools.sh` brings them)."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.chaos.system import free_port
from bot.settings import ROOT

TESTS = (
    "test_events.py",
    "test_processes.py",
    "test_releases.py",
    "test_reports.py",
    "test_round_trip.py",
    "test_schedule.py",
    "test_search.py",
    "test_tasks.py",
    "test_unanswered.py",
    "test_workflow.py",
)
OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -p {port}"


def programs():
    """Return the folder of PostgreSQL's programs; Debian keeps them off the PATH."""
    found = shutil.which("pg_ctl")
    installed = [Path(found).resolve().parent] if found else []
    installed += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next(iter(installed), None)


@pytest.fixture
def address():
    """The address of a PostgreSQL of our own."""
    folder = programs()
    if folder is None:
        # On CI `tests/tools.sh` has brought it; at home not everybody may install it.
        (pytest.fail if os.environ.get("CI") else pytest.skip)("PostgreSQL is not installed")
    data, port = Path(tempfile.mkdtemp(prefix="faro-postgresql-")), free_port()
    user = None
    if os.getuid() == 0:  # it refuses to run as root
        user = "postgres"
        shutil.chown(data, user, user)

    def run(program, *arguments):
        command = [str(folder / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, user=user, cwd=data, stdout=subprocess.DEVNULL)

    run("initdb", "-A", "trust", "-U", "faro", "-E", "UTF8")
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", OPTIONS.format(port=port), "start")
    yield f"postgresql://faro@127.0.0.1:{port}/postgres"
    run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(data, ignore_errors=True)


def test_the_console_works_on_postgresql(address):
    tests = [str(ROOT / "tests/console" / name) for name in TESTS]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests],
        cwd=ROOT,
        env={**os.environ, "TEST_POSTGRES_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
