"""One child process of ``faro run``: started, watched, started again, stopped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot import settings

STOP_SECONDS = 15.0


def logs_folder() -> Path:
    """Return where the children write what they have to say, made if need be."""
    folder = settings.var_folder() / "logs"
    folder.mkdir(exist_ok=True)
    return folder


class Part:
    """A child process under a name; ``start`` begins it, and begins it anew when it died."""

    def __init__(self, name: str, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.name = name
        self._start = start
        self.process = start()

    def died(self) -> bool:
        return self.process.poll() is not None

    def start_again(self) -> None:
        self.process = self._start()

    def stop(self) -> None:
        """Ask it to finish what it holds; insist after a while."""
        if self.died():
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()


def python(name: str, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """Start ``python -m ...`` in this folder, its output in ``var/logs/<name>.log``."""
    with (logs_folder() / f"{name}.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own arguments
            [sys.executable, "-m", *arguments],
            cwd=settings.ROOT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches the supervisor, which stops us in order
        )
