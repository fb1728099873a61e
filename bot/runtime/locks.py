"""One conversation at a time, without Rasa's ticket lock, which polls once a second.

Order between processes comes from the partition leases (``streams``); this lock only
orders what one process does, as ``faro rasa run`` and the tests need.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LockStore

from bot.runtime.turns import Turns


class LocalLocks(LockStore):
    """Lock store named in ``endpoints.yml``."""

    def __init__(self, endpoint_config: Any = None) -> None:
        self._turns = Turns()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[None]:
        async with self._turns.lock(conversation_id):
            yield
