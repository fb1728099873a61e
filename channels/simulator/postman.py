"""Carries the providers' requests to our own webhooks over real HTTP, again if need be."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from channels.simulator.config import Config

logger = logging.getLogger(__name__)

TIMEOUT = 15.0  # seconds, as Twilio waits
AGAIN_AFTER = (1.0, 4.0)  # seconds; what could not be stored is sent again, as both networks do


@dataclass(frozen=True)
class Post:
    """One request to us. ``url`` is the public address, for which it was signed."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Posted:
    """What came of it; status 0 means that nobody answered."""

    status: int
    ms: int
    tries: int = 1

    @property
    def again(self) -> bool:
        return self.status == 0 or self.status >= 500


class Postman:
    """Posts to the address our server listens at, whatever its public name is."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._http: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        self._http = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()

    def soon(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something after the answer to the request at hand."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def post(self, post: Post, told: Callable[[Posted], None] | None = None) -> Posted:
        """Post once and return what came of it; ``told`` hears of that and of every later try."""
        posted = await self._once(post, 1)
        if told:
            told(posted)
        if posted.again:
            self.soon(self._again(post, told))
        return posted

    def reaches_us(self, url: str) -> bool:
        """Return whether an address is ours: the simulator calls nobody else."""
        ours = {urlsplit(self._config.public_url).netloc, urlsplit(self._config.local_url).netloc}
        return urlsplit(url).netloc in ours

    async def _again(self, post: Post, told: Callable[[Posted], None] | None) -> None:
        for number, seconds in enumerate(AGAIN_AFTER, 2):
            await asyncio.sleep(seconds)
            posted = await self._once(post, number)
            if told:
                told(posted)
            if not posted.again:
                return

    async def _once(self, post: Post, number: int) -> Posted:
        parts = urlsplit(post.url)
        query = f"?{parts.query}" if parts.query else ""
        url = f"{self._config.local_url}{parts.path}{query}"
        begun = time.monotonic()
        status = 0
        try:
            if self._http is None:
                raise RuntimeError("the postman is not open")
            answer = await self._http.post(url, headers=dict(post.headers), content=post.body)
            status = answer.status_code
        except httpx.HTTPError as error:
            logger.info("simulator.webhook_away error=%s", type(error).__name__)
        return Posted(status, round((time.monotonic() - begun) * 1000), number)
