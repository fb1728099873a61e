"""Whether a fact may still be said: the one place that decides it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from bot.content.model import Fact

Status = Literal["current", "check", "withdrawn"]


def status(fact: Fact, today: date) -> Status:
    """Return whether ``fact`` is current, needs "this may have changed", or may not be said.

    What nobody could verify is never said. An old source is never more than "check".
    """
    if fact.confidence == "unverified" or today > fact.withdraw_after:
        return "withdrawn"
    if fact.confidence == "old" or today > fact.valid_until:
        return "check"
    return "current"
