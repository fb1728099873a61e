"""The console process: brings its database up to date, then serves staff's browsers."""

from __future__ import annotations

import os
import subprocess
import sys

from bot import settings


def main() -> None:
    """Become the console; exit with the code of its setup if that fails."""
    console = [sys.executable, "-m", "console"]
    done = subprocess.run([*console, "setup"], cwd=settings.ROOT, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.returncode)
    os.chdir(settings.ROOT)
    os.execv(sys.executable, [*console, "serve"])  # noqa: S606 - our own command
