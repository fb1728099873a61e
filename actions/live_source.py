"""A value fetched from its source while people ask: politely, remembered, never in the way."""

from __future__ import annotations

import json
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timezone
from typing import Any

import httpx
from redis.exceptions import RedisError

from bot import settings
from bot.runtime import store

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2.0  # a person is waiting
TRIES = 2
LARGEST = 1_000_000  # bytes
FRESH_SECONDS = 6 * 3600
KEPT_SECONDS = 90 * 24 * 3600
QUIET_SECONDS = 600  # after a failure, before the source is asked again

Value = float | str | date


@dataclass(frozen=True)
class Reading:
    """What a source says, since when, where, and when we last saw that."""

    value: Value
    published: date | None
    url: str
    fetched_at: float  # seconds since 1970

    @property
    def fetched_on(self) -> date:
        return datetime.fromtimestamp(self.fetched_at, timezone.utc).date()


class LiveSource(ABC):
    """Remembers what a source said: here, and in Redis for all processes.

    The source is asked again once that is ``fresh_for`` seconds old.
    """

    def __init__(self, fresh_for: float = FRESH_SECONDS) -> None:
        self._fresh_for = fresh_for
        self._memory: dict[str, Reading] = {}
        self._failed_at: dict[str, float] = {}

    @abstractmethod
    async def read(self, client: httpx.AsyncClient, query: Mapping[str, str]) -> Reading | None:
        """Return what the source says now; None if it has nothing.

        Raise an error of httpx, ``ValueError``, ``KeyError`` or ``TypeError`` if it cannot be read.
        """

    async def newest(self, query: Mapping[str, str]) -> Reading | None:
        """Return what is said now; an older copy if the source is away; None without one."""
        key = f"live:{type(self).__name__}:" + json.dumps(dict(query), sort_keys=True)
        now = time.time()
        kept = self._memory.get(key)
        if self._is_fresh(kept, now) or now - self._failed_at.get(key, 0) < QUIET_SECONDS:
            return kept
        kept = await self._recall(key) or kept  # another process may have asked in the meantime
        if not self._is_fresh(kept, now):
            fetched = await self._fetch(query)
            if fetched is None:
                self._failed_at[key] = now
            else:
                kept = fetched
                await self._remember(key, fetched)
        if kept:
            self._memory[key] = kept
        return kept

    def _is_fresh(self, reading: Reading | None, now: float) -> bool:
        return reading is not None and now - reading.fetched_at < self._fresh_for

    async def _fetch(self, query: Mapping[str, str]) -> Reading | None:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            for _ in range(TRIES):
                try:
                    return await self.read(client, query)
                except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                    logger.warning("facts.source_failed error=%s", type(error).__name__)
        return None

    async def _recall(self, key: str) -> Reading | None:
        text: bytes | None = None
        if url := settings.get("REDIS_URL"):
            try:
                async with store.async_client(url) as redis:
                    text = await redis.get(key)
            except RedisError:
                logger.warning("facts.cache_away")
        return _unpack(text) if text else None

    async def _remember(self, key: str, reading: Reading) -> None:
        text = _pack(reading)
        if url := settings.get("REDIS_URL"):
            try:
                async with store.async_client(url) as redis:
                    await redis.set(key, text, ex=KEPT_SECONDS)
            except RedisError:
                logger.warning("facts.cache_away")


async def get_json(client: httpx.AsyncClient, url: str, **parameters: Any) -> Any:
    """Return the JSON at an address; raise ``ValueError`` if it is none, or far too large."""
    async with client.stream("GET", url, params=parameters or None) as answer:
        answer.raise_for_status()
        body = b""
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > LARGEST:
                raise ValueError("too large")
    return json.loads(body)


def _pack(reading: Reading) -> str:
    dated = isinstance(reading.value, date)
    return json.dumps({**asdict(reading), "dated": dated}, default=date.isoformat)


def _unpack(text: str | bytes) -> Reading:
    data = json.loads(text)
    published = data["published"] and date.fromisoformat(data["published"])
    value = date.fromisoformat(data["value"]) if data["dated"] else data["value"]
    return Reading(value, published, data["url"], data["fetched_at"])
