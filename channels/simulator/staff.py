"""What the assistant made of a message, for the staff's fold-out: read from the event log."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.runtime import keys
from channels.simulator.exchange import Exchange

logger = logging.getLogger(__name__)

ANSWERED = "answered"
# Nothing else of an event reaches the page, whatever may be added to it one day.
SHOWN = ("label", "confidence", "top", "language", "facts", "release", "crisis", "ms")
BLOCK_MS = 1000
PAUSE = 1.0  # seconds before the store is asked again after it was away


class StaffDetails:
    """Follows the event log from now on; "answered" events go to the phones they are about."""

    def __init__(self, exchange: Exchange, redis: Redis[bytes]) -> None:
        self._exchange = exchange
        self._redis = redis

    async def run(self) -> None:
        """Read until cancelled."""
        last = b""
        while True:
            try:
                last = last or await self._newest()
                batch = await self._redis.xread({keys.EVENTS: last}, count=100, block=BLOCK_MS)
                for _, entries in batch or []:
                    for id_, fields in entries:
                        last = id_
                        self._take(fields)
            except RedisError as error:
                logger.info("simulator.store_away error=%s", type(error).__name__)
                await asyncio.sleep(PAUSE)

    async def _newest(self) -> bytes:
        entries = await self._redis.xrevrange(keys.EVENTS, count=1)
        return bytes(entries[0][0]) if entries else b"0-0"

    def _take(self, fields: dict[bytes, bytes]) -> None:
        if fields.get(b"type") != ANSWERED.encode():
            return
        try:
            details: dict[str, Any] = json.loads(fields[b"details"])
            found = self._exchange.written(str(details["message"]))
        except (KeyError, ValueError, TypeError):
            logger.info("simulator.event_unreadable")
            return
        if found is not None:
            phone, bubble = found
            bubble.details = {name: details[name] for name in SHOWN if name in details}
            self._exchange.show(phone, bubble)
