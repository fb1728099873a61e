"""``faro facts ...``: what is due for a new look, what changed at the sources, whom to call."""

from __future__ import annotations

import argparse
import asyncio
from datetime import date, datetime, timedelta, timezone

from rich.console import Console
from rich.table import Table

from bot import settings
from bot.content.live import live_release
from bot.content.model import SOURCE_LANGUAGE, Contact, Fact
from bot.content.phrasing import say_hours
from bot.runtime import connect
from bot.runtime.logs import configure_logs
from bot.watch.fetch import Fetcher
from bot.watch.watcher import FileMemory, Finding, Memory, RedisMemory, counts, watch

NEWS = ("changed", "gone", "moved", "failed")


def facts_named(owner: str | None, prefix: str | None) -> list[Fact]:
    """Return the facts of an owner, or whose ids begin so; all of them without either."""
    facts = live_release().current.content.facts.values()
    return [
        fact
        for fact in facts
        if (not owner or fact.owner == owner) and fact.id.startswith(prefix or "")
    ]


def due(options: argparse.Namespace) -> int:
    """List what must be checked again by a day: expired first."""
    today = datetime.now(timezone.utc).date()
    console = Console(highlight=False)
    table = Table("fact", "owner", "valid until", "withdrawn after", "source")
    found = due_by(facts_named(options.owner, options.only), today + timedelta(days=options.days))
    for fact in found:
        late = "[red]" if fact.valid_until < today else ""
        table.add_row(
            fact.id, fact.owner, f"{late}{fact.valid_until}", str(fact.withdraw_after),
            fact.source.url or "",
        )  # fmt: skip
    console.print(table)
    console.print(f"{len(found)} facts are due within {options.days} days.")
    return 0


def due_by(facts: list[Fact], day: date) -> list[Fact]:
    """Return the facts whose validity ends by a day, those said longest without a check first."""
    late = [fact for fact in facts if fact.valid_until <= day and fact.confidence != "unverified"]
    return sorted(late, key=lambda fact: (fact.valid_until, fact.id))


def calls(options: argparse.Namespace) -> int:
    """List every number that people are given, to try each by hand."""
    console = Console(highlight=False)
    table = Table("country", "number", "whose it is", "who may call", "hours", "checked on")
    lines = phone_lines(facts_named(options.owner, options.only))
    for line in lines:
        table.add_row(
            line.country, str(line.value), line.name, line.who, _hours(line), str(line.checked_on),
        )  # fmt: skip
    console.print(table)
    console.print(f"{len(lines)} numbers.")
    return 0


def phone_lines(facts: list[Fact]) -> list[Contact]:
    """Return the telephone lines among some facts, by country."""
    lines = [fact for fact in facts if isinstance(fact, Contact) and fact.type == "phone"]
    return sorted(lines, key=lambda line: (line.country, line.id))


def _hours(line: Contact) -> str:
    """Return a line's hours as people are told them; "?" if nobody has found them out."""
    if line.hours is None:
        return "?"
    return "24 h" if line.hours.always else say_hours(line.hours, SOURCE_LANGUAGE)


def look(options: argparse.Namespace) -> int:
    """Look at the sources once; print what changed."""
    configure_logs()
    findings = asyncio.run(one_round(facts_named(options.owner, options.only)))
    console = Console(highlight=False)
    for finding in findings:
        if finding.result in NEWS or options.all:
            lost = "" if finding.value_there else " (its value is not there any more)"
            console.print(f"{finding.result:<10} {finding.fact}{lost}", markup=False)
            console.print(f"{'':<10} {finding.url}\n{'':<10} {finding.detail}", markup=False)
    console.print(", ".join(f"{n} {result}" for result, n in sorted(counts(findings).items())))
    return 0


async def one_round(facts: list[Fact]) -> list[Finding]:
    """Look at the sources of some facts, with the memory that there is."""
    url = settings.get("REDIS_URL")
    redis = connect.redis() if url else None
    memory: Memory = (
        RedisMemory(redis) if redis else FileMemory(settings.var_folder() / "watch.json")
    )
    try:
        async with Fetcher() as fetcher:
            return await watch(facts, memory, fetcher)
    finally:
        if redis:
            await redis.close()
