"""The event log (contract 2): small typed facts for staff, without text or address."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis

from bot.runtime import keys

KEPT = 200_000  # entries; the console reads them long before they are trimmed


@dataclass(frozen=True)
class Event:
    """One thing that happened. ``details`` holds no text, address or name of a person."""

    type: str
    details: dict[str, Any] = field(default_factory=dict)

    def fields(self) -> tuple[str, str, str]:
        """Return type, time and details as the event stream stores them."""
        return self.type, f"{time.time():.3f}", json.dumps(self.details)


async def emit(redis: Redis[bytes], event: Event) -> None:
    """Append one event to the log."""
    type_, at, details = event.fields()
    await redis.xadd(
        keys.EVENTS,
        {"type": type_, "at": at, "details": details},
        maxlen=KEPT,
        approximate=True,
    )
