"""Fetching official pages politely: named, as robots.txt allows, slowly, and not too much."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

AGENT = "FaroFactWatch/1.0 (checks public facts once a day)"
TIMEOUT = 20.0  # seconds for each step of a request
WHOLE = 60.0  # seconds for a page, however slowly it trickles in
LARGEST = 3 * 1024 * 1024  # bytes
PAUSE = 2.0  # seconds between two requests to one host
REDIRECTS = 5
READABLE = ("text/", "html", "xml", "json")
NOTHING = ("User-agent: *", "Disallow: /")  # what a site that fails to say allows
SILENT = (304, 404, 410)  # answers that are no problem of the connection


@dataclass(frozen=True)
class Page:
    """What a request came to. ``problem`` says in a word why there is no text."""

    url: str  # where it was found in the end
    status: int = 0
    text: str = ""
    kind: str = ""
    problem: str = ""
    moved: bool = False  # for good, by what the server says
    validators: Mapping[str, str] = field(default_factory=dict)

    @property
    def unmodified(self) -> bool:
        return self.status == httpx.codes.NOT_MODIFIED

    @property
    def gone(self) -> bool:
        return self.status in (httpx.codes.NOT_FOUND, httpx.codes.GONE)


class Fetcher:
    """Fetches pages, one at a time from each host. Use it as a context."""

    def __init__(
        self, pause: float = PAUSE, timeout: float = TIMEOUT, whole: float = WHOLE
    ) -> None:
        self._pause, self._whole = pause, whole
        self._http = httpx.AsyncClient(timeout=timeout, headers={"User-Agent": AGENT})
        self._hosts: dict[str, asyncio.Lock] = {}
        self._last: dict[str, float] = {}
        self._robots: dict[str, RobotFileParser] = {}

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, url: str, validators: Mapping[str, str] | None = None) -> Page:
        """Return a page; never raise. ``validators`` are those of the last time."""
        headers = {}
        if etag := (validators or {}).get("etag"):
            headers["If-None-Match"] = etag
        if since := (validators or {}).get("last-modified"):
            headers["If-Modified-Since"] = since
        moved, at = True, url
        for _ in range(REDIRECTS):
            page = await self._one(at, headers)
            target = page.validators.get("location", "")
            if not target:
                found = moved and at != url
                return Page(
                    at, page.status, page.text, page.kind, page.problem, found, page.validators
                )
            moved = moved and page.status in (301, 308)
            at = urljoin(at, target)
        return Page(at, problem="too_many_redirects")

    async def _one(self, url: str, headers: Mapping[str, str]) -> Page:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return Page(url, problem="no_web_address")
        async with self._hosts.setdefault(parts.netloc, asyncio.Lock()):
            try:
                if not await self._allowed(url):
                    return Page(url, problem="robots")
                return await asyncio.wait_for(self._request(url, headers), self._whole)
            except (asyncio.TimeoutError, httpx.TimeoutException):
                return Page(url, problem="timeout")
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                return Page(url, problem=type(error).__name__)

    async def _request(self, url: str, headers: Mapping[str, str]) -> Page:
        await self._wait(urlsplit(url).netloc)
        async with self._http.stream("GET", url, headers=headers) as answer:
            validators = {
                name: answer.headers[name]
                for name in ("etag", "last-modified")
                if name in answer.headers
            }
            if answer.has_redirect_location:
                validators = {"location": answer.headers["location"]}
                return Page(url, answer.status_code, validators=validators)
            if answer.status_code != httpx.codes.OK:
                problem = (
                    "" if answer.status_code in (304, 404, 410) else f"http_{answer.status_code}"
                )
                return Page(url, answer.status_code, problem=problem)
            kind = answer.headers.get("content-type", "").lower()
            if kind and not any(name in kind for name in READABLE):
                return Page(url, answer.status_code, kind=kind, problem="not_text")
            body = b""
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LARGEST:
                    return Page(url, answer.status_code, kind=kind, problem="too_large")
            text = body.decode(answer.charset_encoding or "utf-8", "replace")
            return Page(url, answer.status_code, text, kind, validators=validators)

    async def _wait(self, host: str) -> None:
        pause = self._last.get(host, 0.0) + self._pause - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        self._last[host] = time.monotonic()

    async def _allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._robots:
            page = await asyncio.wait_for(self._request(f"{root}/robots.txt", {}), self._whole)
            rules = RobotFileParser()
            # RFC 9309: without the file all is allowed; while the server fails, nothing is.
            lines = page.text.splitlines() if page.status == httpx.codes.OK else []
            rules.parse(NOTHING if page.status >= 500 else lines)
            self._robots[root] = rules
        return self._robots[root].can_fetch(AGENT, url)
