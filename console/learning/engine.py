"""The bot's own commands, run on a copy of the project that holds the console's phrases.

The console knows no Rasa: it starts ``python -m bot`` in another process. A copy has its own
``data/`` and ``models/``, so nothing that answers people is touched until activation.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

from redis import Redis

from bot import settings as faro
from console import config
from console.content import exporting

LIVE_MODEL = "model:live"  # Redis: file name under models/ that workers answer with
PARTS = ("bot", "actions", "channels", "config.yml", "domain.yml", "endpoints.yml",
         "credentials.yml", "data", "locales", "pyproject.toml")  # fmt: skip
MINUTES = 15


class EngineError(RuntimeError):
    """A command of the bot failed; the text is the end of what it said."""


class Engine(Protocol):
    """What a job needs of the bot."""

    def prepare(self) -> None: ...
    def train(self) -> str: ...
    def evaluate(self, test: Path, live: bool) -> dict[str, Any]: ...
    def ask(self, test: Path, live: bool) -> list[dict[str, Any]]: ...
    def activate(self, model: str) -> None: ...


class BotEngine:
    """Runs the real bot in ``folder``."""

    def __init__(self, folder: Path, root: Path = faro.ROOT) -> None:
        self.folder = folder
        self.root = root

    def prepare(self) -> None:
        """Copy the project and write the console's approved state over it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules")
        for part in PARTS:
            source = self.root / part
            if source.is_dir():
                shutil.copytree(source, self.folder / part, ignore=ignored)
            elif source.exists():
                shutil.copy2(source, self.folder / part)
        exporting.write(self.folder)

    def train(self) -> str:
        """Train; put the model among the project's and return its name."""
        self._bot("train", cwd=self.folder)
        models = sorted(self.folder.glob("models/*.tar.gz"), key=lambda path: path.stat().st_mtime)
        if not models:
            raise EngineError("no model was made")
        return models[-1].name

    def evaluate(self, test: Path, live: bool) -> dict[str, Any]:
        out = self._bot("evaluate", "--test", str(test), "--json", cwd=self._where(live))
        start = out.index("{")
        figures: dict[str, Any] = json.loads(out[start:])
        return figures

    def ask(self, test: Path, live: bool) -> list[dict[str, Any]]:
        """Return what each message of a file is taken for: {"id", "label"}."""
        out = self.folder / f"asked-{'live' if live else 'new'}.jsonl"
        self._bot("ask", "--batch", str(test), "--out", str(out), cwd=self._where(live))
        return [json.loads(line) for line in out.read_text().splitlines() if line.strip()]

    def activate(self, model: str) -> None:
        """Give the model to the workers: the file first, then the pointer to it."""
        target = self.root / "models" / model
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".part")
        shutil.copy2(self.folder / "models" / model, partial)
        partial.replace(target)
        Redis.from_url(config.redis_url(), socket_timeout=5).set(LIVE_MODEL, model)

    def _where(self, live: bool) -> Path:
        return self.root if live else self.folder

    def _bot(self, *arguments: str, cwd: Path) -> str:
        environment = {
            **os.environ, "REDIS_URL": "", "FARO_VAR": str(faro.var_folder().resolve()),
            "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(cwd),
        }  # fmt: skip
        done = subprocess.run(  # noqa: S603 - our own arguments
            [sys.executable, "-m", "bot", *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=MINUTES * 60,
            check=False,
        )
        if done.returncode:
            raise EngineError((done.stderr or done.stdout)[-1500:])
        return done.stdout
