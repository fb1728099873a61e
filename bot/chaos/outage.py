"""An outage: the store is away for a while in the middle of the work, and comes back by itself.

Webhooks keep arriving all the time, as a provider repeats what was not acknowledged.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.chaos.trial import GIVE_UP_SECONDS, Result, Trial
from bot.runtime import embedded_redis

REPEAT_SECONDS = 2.0


@dataclass(frozen=True)
class Survived(Result):
    """``refused`` are webhooks that were answered 503, ``unheard`` those that nobody answered.

    ``back_seconds`` is how long after the store the first answer came, ``settled_seconds`` when
    the last one did.
    """

    outage_seconds: float
    refused: int
    unheard: int
    back_seconds: float
    settled_seconds: float


class Outage:
    """A trial with a store beside Faro, as in production: not Faro's to start again."""

    def __init__(self, folder: Path, seconds: float, **how: Any) -> None:
        self._folder = folder / "redis"
        self._seconds = seconds
        self._store: subprocess.Popen[bytes] = embedded_redis.start(self._folder)
        self.trial = Trial(folder, REDIS_URL=embedded_redis.url(self._folder), **how)
        self.trial.repeat_seconds = REPEAT_SECONDS
        self.trial.give_up_seconds = GIVE_UP_SECONDS + seconds
        self._came_back = self._heard_again = 0.0

    def close(self) -> None:
        self.trial.close()
        self._store.kill()
        self._store.wait()

    def run(self, messages: int) -> Survived:
        """Let ``messages`` be written, with the store away from when a quarter was answered."""
        result = self.trial.under(messages, self._away)
        last = max(float(message["at"]) for message in self.trial.twilio.messages)
        return Survived(
            **vars(result),
            outage_seconds=self._seconds,
            refused=self.trial.answered[503],
            unheard=self.trial.answered[0],
            back_seconds=round(self._heard_again - self._came_back, 1),
            settled_seconds=round(last - self._came_back, 1),
        )

    def _away(self, arrived: Callable[[], int], wanted: int) -> None:
        self.trial.settle(lambda: arrived() >= wanted / 4)
        self._store.kill()
        self._store.wait()
        self.trial.say(f"the store is away; {arrived()} of {wanted} texts had arrived")
        time.sleep(self._seconds)
        there = arrived()
        self._store = embedded_redis.start(self._folder)
        self._came_back = time.monotonic()
        self.trial.say(f"the store is back; {there} of {wanted} texts had arrived")
        self.trial.settle(lambda: arrived() > there)
        self._heard_again = time.monotonic()
