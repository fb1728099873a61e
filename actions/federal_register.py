"""The newest official notice on a subject, from the Federal Register's public documents API.

https://www.federalregister.gov/developers/documentation/api/v1
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import settings

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2.0  # a person is waiting
TRIES = 2
FRESH_SECONDS = 6 * 3600
KEPT_SECONDS = 90 * 24 * 3600
QUIET_SECONDS = 600  # after a failure, before the source is asked again


@dataclass(frozen=True)
class Notice:
    """One published document, and when we last saw that it is the newest."""

    title: str
    published: date
    url: str
    fetched_at: float  # seconds since 1970

    @property
    def fetched_on(self) -> date:
        return datetime.fromtimestamp(self.fetched_at, timezone.utc).date()


def _condition(name: str) -> str:
    """Return the parameter of a condition; ``type[]`` may have several values.

    >>> _condition("term"), _condition("type[]")
    ('conditions[term]', 'conditions[type][]')
    """
    bare = name.removesuffix("[]")
    return f"conditions[{bare}]" + ("[]" if bare != name else "")


def _is_fresh(notice: Notice | None, now: float) -> bool:
    return notice is not None and now - notice.fetched_at < FRESH_SECONDS


class FederalRegister:
    """Finds the newest document for a query; remembers it here, and in Redis for all processes."""

    def __init__(self) -> None:
        self._memory: dict[str, Notice] = {}
        self._failed_at: dict[str, float] = {}

    async def newest(self, query: Mapping[str, str]) -> Notice | None:
        """Return the newest document; an older copy if the source is away; None without one."""
        key = "notice:" + json.dumps(dict(query), sort_keys=True)
        now = time.time()
        kept = self._memory.get(key)
        if _is_fresh(kept, now) or now - self._failed_at.get(key, 0) < QUIET_SECONDS:
            return kept
        kept = await self._recall(key) or kept  # another process may have asked in the meantime
        if not _is_fresh(kept, now):
            fetched = await self._fetch(query)
            if fetched is None:
                self._failed_at[key] = now
            else:
                kept = fetched
                await self._remember(key, fetched)
        if kept:
            self._memory[key] = kept
        return kept

    async def _fetch(self, query: Mapping[str, str]) -> Notice | None:
        parameters = {
            **{_condition(name): value for name, value in query.items()},
            "order": "newest",
            "per_page": "1",
            "fields[]": ["title", "publication_date", "html_url"],
        }
        address = f"{settings.get('FEDERAL_REGISTER_URL')}/documents.json"
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            for _ in range(TRIES):
                try:
                    answer = await client.get(address, params=parameters)
                    answer.raise_for_status()
                    results = answer.json().get("results") or []
                    if not results:
                        return None
                    return Notice(
                        title=str(results[0]["title"]),
                        published=date.fromisoformat(results[0]["publication_date"]),
                        url=str(results[0]["html_url"]),
                        fetched_at=time.time(),
                    )
                except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                    logger.warning("facts.source_failed error=%s", type(error).__name__)
        return None

    async def _recall(self, key: str) -> Notice | None:
        text: bytes | None = None
        if url := settings.get("REDIS_URL"):
            try:
                async with Redis.from_url(url) as redis:
                    text = await redis.get(key)
            except RedisError:
                logger.warning("facts.cache_away")
        if not text:
            return None
        data = json.loads(text)
        return Notice(
            data["title"], date.fromisoformat(data["published"]), data["url"], data["fetched_at"]
        )

    async def _remember(self, key: str, notice: Notice) -> None:
        text = json.dumps(
            {
                "title": notice.title,
                "published": notice.published.isoformat(),
                "url": notice.url,
                "fetched_at": notice.fetched_at,
            }
        )
        if url := settings.get("REDIS_URL"):
            try:
                async with Redis.from_url(url) as redis:
                    await redis.set(key, text, ex=KEPT_SECONDS)
            except RedisError:
                logger.warning("facts.cache_away")
