"""``faro train``: make a model of the training data as it stands."""

from __future__ import annotations

import time

from rich.console import Console

from bot.processes.models import current_model, train
from bot.runtime.logs import configure_logs


def main() -> int:
    console = Console(highlight=False)
    if model := current_model():
        console.print(f"{model.name} is up to date with data/nlu/.")
        return 0
    configure_logs()
    began = time.monotonic()
    model = train()
    console.print(f"{model.name}, trained in {time.monotonic() - began:.0f} s")
    return 0
