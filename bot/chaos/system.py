"""A running Faro with its own folder, port and Redis."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import httpx
from redis import Redis

from bot.runtime import embedded_redis
from bot.settings import ROOT

READY_SECONDS = 120.0
STOP_SECONDS = 60.0
READY = "Faro is ready"  # what bot/processes/supervisor.py says
PARTS = ("web", "worker", "sender", "redis")

T = TypeVar("T")


class NotReadyError(RuntimeError):
    """The system did not come up; the text is what it said."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], T], seconds: float = 30.0, every: float = 0.05) -> T:
    """Return what ``condition`` returns once it is true, or its last value after ``seconds``."""
    deadline = time.monotonic() + seconds
    value = condition()
    while not value and time.monotonic() < deadline:
        time.sleep(every)
        value = condition()
    return value


def children(parent: int, words: str) -> list[int]:
    """Return the ids of the processes that ``parent`` started with ``words`` and that run."""
    listed = subprocess.run(
        # Twice w: whole lines, however narrow COLUMNS says the terminal is.
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(parent)],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [
        int(line.split()[0])
        for line in listed.splitlines()
        if words in line and "<defunct>" not in line
    ]


class Faro:
    """``faro run`` as a process, in a folder of its own; ``settings`` are added to none of ours."""

    def __init__(self, folder: Path, *, workers: int = 1, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        ours = ("FARO_", "TWILIO_", "TELEGRAM_", "REDIS_", "PUBLIC_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.settings = {
            **clean,
            "FARO_PORT": str(self.port),
            "FARO_VAR": str(folder),
            "FARO_CONSOLE": "off",
            "FARO_METRICS": f"127.0.0.1:{free_port()}",
            "FEDERAL_REGISTER_URL": "http://127.0.0.1:9/api/v1",
            **settings,
        }
        self.root = ROOT
        self.command = [sys.executable, "-m", "bot", "run", "--workers", str(workers)]
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.settings,
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> Path:
        return self.folder / "run.log"

    @cached_property
    def http(self) -> httpx.Client:
        """Return the client with which everybody writes to this system."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        return httpx.Client(timeout=15.0, limits=limits, verify=False)  # noqa: S501 - no TLS here

    @cached_property
    def redis(self) -> Redis[bytes]:
        """Return a client of the embedded store."""
        return Redis.from_url(embedded_redis.url(self.folder / "redis"))

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return when it says that it answers; raise ``NotReadyError`` if it does not.

        To ask ``/health/ready`` is not enough: until it has seen that itself, ``faro run`` takes
        a part that ends for one that cannot start, and gives up.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if READY in self.log.read_text():
                return
            time.sleep(0.1)
        raise NotReadyError(self.log.read_text())

    def children(self, name: str) -> list[int]:
        """Return the process ids of the parts of one kind, one of ``PARTS``."""
        return children(self.process.pid, "redis-server" if name == "redis" else f"--role {name}")

    def kill(self, name: str, most: int = 64) -> int:
        """Kill -9 up to ``most`` processes of one kind; return how many there were to kill."""
        killed = 0
        for pid in self.children(name)[:most]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            killed += 1
        return killed

    def stop(self) -> int:
        """Stop it; return its exit code."""
        if self.process.poll() is None:
            # Not as Ctrl-C does: what a script starts in the background ignores that.
            self.process.terminate()
        return self.process.wait(STOP_SECONDS)
