"""``faro chaos``: disturb a busy system and count what that did to people."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from bot.chaos.outage import Outage
from bot.chaos.questions import NoAnswerError
from bot.chaos.system import NotReadyError
from bot.chaos.trial import Trial


def main(options: argparse.Namespace) -> int:
    """Return 0 if nobody lost anything, got anything twice or in the wrong order."""
    console = Console(stderr=True, highlight=False)
    folder = Path(tempfile.mkdtemp(prefix="faro-chaos-"))
    how = {"workers": options.workers, "seed": options.seed, "say": console.print}
    outage = Outage(folder, options.outage, **how) if options.outage else None
    trial = outage.trial if outage else Trial(folder, **how)
    try:
        result = (
            outage.run(options.messages) if outage else trial.run(options.messages, options.kills)
        )
    except (NotReadyError, NoAnswerError) as error:
        console.print(f"[red]No trial took place.[/] {error}")
        return 2
    finally:
        (outage or trial).close()
    if options.json:
        print(json.dumps(asdict(result)))  # noqa: T201 - the result of the command
    else:
        _show(result, trial)
    if result.clean:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        console.print(f"Store and logs of the trial are kept in {folder}.")
    return 0 if result.clean else 1


def _show(result: object, trial: Trial) -> None:
    console = Console(highlight=False)
    for name, value in vars(result).items():
        console.print(f"{name.replace('_', ' '):<18} {value}")
    killed = ", ".join(f"{count} {part}" for part, count in trial.killed.items())
    console.print(f"{'killed':<18} {killed}")
    console.print(f"{'looked up':<18} {trial.twilio.asked} at the provider")
    console.print(f"{'unasked texts':<18} {len(trial.strange)}")
    for reason in sorted(set(trial.twilio.refused)):
        console.print(f"{'refused':<18} by the provider: {reason}")
