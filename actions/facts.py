"""Current policy facts: the one function through which an answer gets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone

from actions.federal_register import FederalRegister
from actions.json_source import JsonSource
from actions.live_source import LiveSource
from bot.content.freshness import Status, status
from bot.content.model import Content, Fact, Source


@dataclass(frozen=True)
class CurrentFact:
    """A fact as it stands today, ready for an answer."""

    fact: Fact
    status: Status
    checked_on: date
    source: Source


_READERS: Mapping[str, LiveSource] = {"federal_register": FederalRegister(), "json": JsonSource()}


async def current(
    content: Content,
    fact_id: str,
    today: date | None = None,
    readers: Mapping[str, LiveSource] = _READERS,
) -> CurrentFact | None:
    """Return a fact with its status, checked-on date and source; None if there is no such fact.

    A fact that lives at its source is fetched from there, or from the last copy of it,
    whose date then says how old it is. If neither is to be had it is "withdrawn":
    nothing is said rather than something stale without a date.
    """
    fact = content.facts.get(fact_id)
    if fact is None:
        return None
    today = today or datetime.now(timezone.utc).date()
    if fact.live is None:
        return CurrentFact(fact, status(fact, today), fact.checked_on, fact.source)
    found = await readers[fact.live.reader].newest(fact.live.query)
    if found is None:
        return CurrentFact(fact, "withdrawn", fact.checked_on, fact.source)
    source = replace(
        fact.source, url=found.url or fact.source.url, date=found.published or fact.source.date
    )
    fetched = replace(
        fact,
        value=found.value,
        source=source,
        checked_on=found.fetched_on,
        # The copy holds as long after it was fetched as the written fact would have.
        valid_until=found.fetched_on + (fact.valid_until - fact.checked_on),
        withdraw_after=found.fetched_on + (fact.withdraw_after - fact.checked_on),
    )
    return CurrentFact(fetched, status(fetched, today), found.fetched_on, source)
