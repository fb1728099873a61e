"""``faro train``: make a model of the training data as it stands."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.processes.models import changed, current_model, newest_model, train
from bot.runtime.logs import configure_logs

SHOWN = 8
# What Rasa logs when it begins a part, and how many parts there are to train.
_BEGINS = re.compile(r"Starting to train component '(\w+)'")
_HOOKS = "rasa.engine.training.hooks"
_PARTS = 4


def main() -> int:
    console = Console(highlight=False)
    if model := current_model():
        console.print(f"{model.name} is up to date with data/nlu/.")
        return 0
    configure_logs(logging.WARNING)
    _say_what_changed(console)
    began = time.monotonic()
    with _shown(console):
        model = train()
    console.print(f"{model.name}, trained in {time.monotonic() - began:.0f} s")
    return 0


def _say_what_changed(console: Console) -> None:
    files = changed(newest_model())
    console.print(f"Changed since the last model: {len(files)} files")
    for name in files[:SHOWN]:
        console.print(f"  {name}", markup=False)
    if len(files) > SHOWN:
        console.print(f"  and {len(files) - SHOWN} more")


@contextmanager
def _shown(console: Console) -> Iterator[None]:
    """Show which part is being trained."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        steps = _Steps(progress)
        log = logging.getLogger(_HOOKS)
        log.addHandler(steps)
        log.setLevel(logging.INFO)
        log.propagate = False
        try:
            yield
        finally:
            log.removeHandler(steps)
            log.propagate = True


class _Steps(logging.Handler):
    """Moves the bar on when Rasa says that it begins the next part."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._task = progress.add_task("reading the phrases", total=_PARTS + 1)

    def emit(self, record: logging.LogRecord) -> None:
        begun = _BEGINS.search(record.getMessage())
        if begun:
            self._progress.update(self._task, advance=1, description=f"training {begun[1]}")
