"""Looks at the sources of facts and tells staff what changed there. It changes no fact itself:

a person reads the difference and decides. What was seen last is kept in Redis, where every
process finds it; without Redis in ``var/watch.json``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from redis.asyncio import Redis

from bot.content.model import Fact
from bot.runtime import keys
from bot.runtime.events import Event, emit
from bot.watch.fetch import Fetcher, Page
from bot.watch.passage import compare, difference, has_value, locate
from bot.watch.text import blocks_of

logger = logging.getLogger(__name__)

AT_ONCE = 8  # hosts
GONE_TWICE = 2  # a page must be missing this often in a row before it counts as gone


@dataclass(frozen=True)
class Finding:
    """What one look at one fact's source showed."""

    fact: str
    url: str
    # unchanged, changed, gone, moved; first (seen for the first time), unlocated, or failed
    result: str
    detail: str = ""  # the difference, the new address, or why it failed
    value_there: bool = True


@dataclass
class Seen:
    """A page as it was last seen: what to ask it with, and the passage of each fact."""

    validators: dict[str, str] = field(default_factory=dict)
    passages: dict[str, str] = field(default_factory=dict)
    missing: int = 0  # how often in a row it was not there
    moved_to: str = ""
    looked_at: float = 0.0


class Memory(Protocol):
    """Where pages are remembered and staff are told."""

    async def load(self, url: str) -> Seen: ...
    async def save(self, url: str, seen: Seen) -> None: ...
    async def tell(self, event: Event) -> None: ...


class RedisMemory:
    """The memory of a running Faro."""

    def __init__(self, redis: Redis[bytes]) -> None:
        self._redis = redis

    async def load(self, url: str) -> Seen:
        stored = await self._redis.get(keys.watched(url))
        return Seen(**json.loads(stored)) if stored else Seen()

    async def save(self, url: str, seen: Seen) -> None:
        await self._redis.set(keys.watched(url), json.dumps(asdict(seen), ensure_ascii=False))

    async def tell(self, event: Event) -> None:
        await emit(self._redis, event)


class FileMemory:
    """The memory of a command that runs without a store; events go to a file beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pages: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    async def load(self, url: str) -> Seen:
        return Seen(**self._pages.get(url, {}))

    async def save(self, url: str, seen: Seen) -> None:
        self._pages[url] = asdict(seen)
        self._path.write_text(json.dumps(self._pages, ensure_ascii=False, indent=1))

    async def tell(self, event: Event) -> None:
        with self._path.with_name("watch-events.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(event), ensure_ascii=False) + "\n")


async def watch(facts: Iterable[Fact], memory: Memory, fetcher: Fetcher) -> list[Finding]:
    """Look at every source page once and return what was found, fact by fact."""
    by_page: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.source.url and fact.live is None:  # a live fact is fetched when people ask
            by_page.setdefault(fact.source.url.partition("#")[0], []).append(fact)
    room = asyncio.Semaphore(AT_ONCE)

    async def one(url: str, of: Sequence[Fact]) -> list[Finding]:
        async with room:
            try:
                return await _look(url, of, memory, fetcher)
            except Exception as error:  # one strange page must not end the round
                logger.exception("watch.failed host=%s", url.split("/")[2:3])
                return [Finding(fact.id, url, "failed", type(error).__name__) for fact in of]

    rounds = await asyncio.gather(*(one(url, of) for url, of in by_page.items()))
    return [finding for found in rounds for finding in found]


async def _look(url: str, facts: Sequence[Fact], memory: Memory, fetcher: Fetcher) -> list[Finding]:
    seen = await memory.load(url)
    known = {fact.id for fact in facts} <= set(seen.passages)
    page = await fetcher.get(url, seen.validators if known else None)
    seen.looked_at = time.time()
    if page.gone:
        seen.missing += 1
        findings = [_missing(fact, url, seen.missing) for fact in facts]
        told = findings if seen.missing == GONE_TWICE else []
    elif page.problem:
        findings = [Finding(fact.id, url, "failed", page.problem) for fact in facts]
        told = []
    else:
        seen.missing = 0
        findings = [_unmodified(fact, url, seen) for fact in facts]
        if not page.unmodified:
            blocks = blocks_of(page.text, page.kind)
            findings = [_compared(fact, url, seen, blocks) for fact in facts]
            seen.validators = dict(page.validators)
        told = [finding for finding in findings if finding.result in ("changed", "gone")]
        moved = _moved(url, page, seen, facts)
        findings += moved
        told += moved
    await memory.save(url, seen)
    owners = {fact.id: fact.owner for fact in facts}
    for finding in told:
        details = {**asdict(finding), "owner": owners[finding.fact]}
        await memory.tell(Event("fact.changed", details))
    return findings


def _missing(fact: Fact, url: str, times: int) -> Finding:
    result = "gone" if times >= GONE_TWICE else "failed"
    return Finding(fact.id, url, result, "the page is not there", value_there=False)


def _unmodified(fact: Fact, url: str, seen: Seen) -> Finding:
    return Finding(fact.id, url, "unchanged" if seen.passages.get(fact.id) else "unlocated")


def _compared(fact: Fact, url: str, seen: Seen, blocks: Sequence[str]) -> Finding:
    before = seen.passages.get(fact.id, "")
    if not before:
        passage = locate(fact, blocks)
        seen.passages[fact.id] = passage
        return Finding(fact.id, url, "first" if passage else "unlocated")
    found = compare(fact, before, blocks)
    if found.fate == "changed":
        seen.passages[fact.id] = found.now
        still = found.value_there and has_value(fact, found.now)
        return Finding(fact.id, url, "changed", difference(before, found.now), still)
    if found.fate == "gone":
        seen.passages[fact.id] = ""  # looked for anew next time
        return Finding(fact.id, url, "gone", f"[-{before}-]", value_there=False)
    return Finding(fact.id, url, "unchanged")


def _moved(url: str, page: Page, seen: Seen, facts: Sequence[Fact]) -> list[Finding]:
    """Tell once that a page has moved for good; its passages were compared at the new place."""
    if not page.moved or page.url == seen.moved_to:
        return []
    seen.moved_to = page.url
    return [Finding(fact.id, url, "moved", page.url) for fact in facts]


def counts(findings: Iterable[Finding]) -> Mapping[str, int]:
    """Return how often each result came."""
    found: dict[str, int] = {}
    for finding in findings:
        found[finding.result] = found.get(finding.result, 0) + 1
    return found
