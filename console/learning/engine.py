"""The bot's own commands, run on a copy of the project that holds the console's phrases.

The console knows no Rasa: it starts ``python -m bot`` in another process. A copy has its own
``data/`` and ``models/``, so nothing that answers people is touched until activation.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _

from bot import settings as faro
from bot.runtime import keys, live_model, store
from console import config
from console.content import exporting
from console.content.models import TrainingPhrase

PARTS = ("bot", "actions", "channels", "config.yml", "domain.yml", "endpoints.yml",
         "credentials.yml", "data", "locales", "pyproject.toml")  # fmt: skip
# What a figure depends on, beside the model and the messages.
READ = ("bot", "data/places.yml", "data/language", "data/crisis", "config.yml")
MINUTES = 15
KEPT = 8  # measurements that are remembered


class EngineError(RuntimeError):
    """A command of the bot failed; the text is the end of what it said."""


@dataclass(frozen=True)
class Measured:
    """How a model did on the fixed set: its figures, and the label each message got."""

    figures: dict[str, Any]
    labels: list[str]  # empty where Faro asks back


class Engine(Protocol):
    """What a job needs of the bot."""

    def prepare(self, phrases: Iterable[TrainingPhrase] = ()) -> None: ...
    def train(self) -> str: ...
    def measure(self, test: Path, live: bool) -> Measured: ...
    def activate(self, model: str) -> None: ...


class BotEngine:
    """Runs the real bot in ``folder``."""

    def __init__(self, folder: Path, root: Path = faro.ROOT) -> None:
        self.folder = folder
        self.root = root

    def prepare(self, phrases: Iterable[TrainingPhrase] = ()) -> None:
        """Copy the project twice: with the live model, and with the console's approved state.

        ``phrases`` are learnt with it, which nobody has approved yet.
        """
        for folder in (self.folder, self.baseline):
            shutil.rmtree(folder, ignore_errors=True)
            self._copy(folder)
        exporting.write(self.folder, phrases)
        self._put_live_model()

    @property
    def baseline(self) -> Path:
        """Where the model that answers people now is measured, by itself."""
        return self.folder.with_name(f"{self.folder.name}-live")

    def _put_live_model(self) -> None:
        """Put the model that answers people into the baseline: that one and no other."""
        target = self.baseline / "models"
        target.mkdir()
        client = store.client(config.redis_url()) if config.redis_url() else None
        name = Path((client.get(keys.LIVE_MODEL) or b"").decode()).name if client else ""
        kept = [folder / "models" / name for folder in (self.root, faro.var_folder()) if name]
        known = [path for path in kept if path.exists()]
        content = client.get(keys.model_file(name)) if client and name and not known else None
        if content:
            (target / name).write_bytes(content)
            return
        known += sorted(self.root.glob("models/*.tar.gz"), key=lambda path: -path.stat().st_mtime)
        if not known:
            raise EngineError("there is no model yet to compare with")
        shutil.copy2(known[0], target / known[0].name)

    def _copy(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules")
        for part in PARTS:
            source = self.root / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=ignored)
            elif source.exists():
                shutil.copy2(source, folder / part)

    def train(self) -> str:
        """Train; put the model among the project's and return its name."""
        self._bot("train", cwd=self.folder)
        models = sorted(self.folder.glob("models/*.tar.gz"), key=lambda path: path.stat().st_mtime)
        if not models:
            raise EngineError("no model was made")
        return models[-1].name

    def measure(self, test: Path, live: bool) -> Measured:
        """Return how a model does; what was measured before with the same code is remembered.

        So the model that answers people is measured once: when it was new.
        """
        folder = self.baseline if live else self.folder
        kept = self.folder.with_name("measured") / f"{_fingerprint(folder, test)}.json"
        if kept.exists():
            return Measured(**json.loads(kept.read_text()))
        out = folder / "answered.jsonl"
        said = self._bot("evaluate", "--test", str(test), "--json", "--out", str(out), cwd=folder)
        labels = [json.loads(line)["label"] for line in out.read_text().splitlines()]
        measured = Measured(json.loads(said[said.index("{") :]), labels)
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(asdict(measured)))
        for old in sorted(kept.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()
        return measured

    def activate(self, model: str) -> None:
        """Give the model to the workers on every machine; the old one stays to go back to."""
        client = store.client(config.redis_url())
        live_model.activate(client, self.folder / "models" / model)

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
        if done.returncode == -signal.SIGKILL:  # it cannot say so itself
            raise EngineError(
                _("The system ended “%(command)s”: most likely the memory was not enough.")
                % {"command": arguments[0]}
            )
        if done.returncode:
            raise EngineError((done.stderr or done.stdout)[-1500:])
        return done.stdout


def _fingerprint(folder: Path, test: Path) -> str:
    """Return a hash of a folder's model, of the code it runs with, and of the messages."""
    digest = hashlib.sha256(test.read_bytes())
    for name in (*READ, "models"):
        found = folder / name
        for path in [found] if found.is_file() else sorted(found.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
