"""What the other side needs: its own environment, a Redis, its trained models."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.content import write_project
from bot import settings
from bot.chaos.system import free_port
from bot.runtime import embedded_redis
from bot.settings import ROOT

OLDER = "python3.10"  # the newest that vanilla Rasa allows


def folder() -> Path:
    """Return where the benchmark keeps its environments, projects and logs."""
    path = settings.var_folder() / "bench"
    path.mkdir(exist_ok=True)
    return path


def environment(kind: str) -> Path:
    """Return the Python of vanilla Rasa's own environment, installed on first use."""
    place = Path(os.environ.get(f"BENCH_VENV_{kind.upper()}") or folder() / f"venv-{kind}")
    ready = place / ".ready"
    if not ready.exists() and not os.environ.get(f"BENCH_VENV_{kind.upper()}"):
        older = _works(OLDER)
        command = [sys.executable, str(ROOT / "bot" / "bootstrap.py"), "--venv", str(place)]
        subprocess.run(
            [*command, str(ROOT / "bench" / f"requirements-{kind}.txt")],
            env={**os.environ, **({"FARO_PYTHON": older} if older else {})},
            check=True,
        )
        ready.touch()
    return place / "bin" / "python"


def project(kind: str, python: Path, *, action: bool) -> Path:
    """Return the folder of a trained vanilla project."""
    place = folder() / f"vanilla-{kind}{'-action' if action else ''}"
    write_project(place, f"{kind}.yml", action=action)
    # Kept, so that another run need not train again what is the same.
    cache = folder() / f"cache-{kind}"
    command = [str(python), str(ROOT / "bench" / "rasa_command.py"), "train"]
    with (place / "train.log").open("wb") as log:
        subprocess.run(
            [*command, "--data", "data", "--out", "models", "--fixed-model-name", "vanilla"],
            cwd=place,
            env={
                **os.environ,
                "RASA_TELEMETRY_ENABLED": "false",
                "RASA_CACHE_DIRECTORY": str(cache),
            },
            stdout=log,
            stderr=log,
            check=True,
        )
    return place


def redis() -> tuple[subprocess.Popen[bytes], int]:
    """Start the Redis that both sides use, each with a database of its own."""
    place, port = folder() / "redis", free_port()
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    with (place / "redis.log").open("ab") as log:
        process = subprocess.Popen(
            [
                embedded_redis.executable(),
                *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(place)),
                *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
            ],
            stdout=log,
            stderr=log,
        )
    time.sleep(0.5)
    return process, port


def megabytes(python: Path) -> float:
    """Return the size of an environment on disk."""
    # Hard links to a package cache count once, wherever they lie.
    return sum(f.stat().st_size for f in python.parents[1].rglob("*") if f.is_file()) / 2**20


def _works(name: str) -> str:
    """Return the path of a Python that really starts (pyenv leaves empty shells)."""
    found = [shutil.which(name) or ""]
    found += map(str, sorted(Path.home().glob(f".pyenv/versions/{name[6:]}.*/bin/python")))
    for path in filter(None, found):
        done = subprocess.run([path, "-c", "pass"], capture_output=True, check=False)
        if done.returncode == 0:
            return path
    return ""
