"""When a line is answered: whether it is open at a moment, and when that changes next.

Pure; the moment is an argument. Time zones come from the system's tz database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.content.model import Hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Opening:
    """Whether a line is open, and the local moment at which that changes; None: it never does."""

    open: bool
    changes: datetime | None = None


def weekdays(days: str) -> frozenset[int]:
    """Return the days (Monday is 0) that a text names; every day if it names none.

    >>> sorted(weekdays("mon-fri")), sorted(weekdays("sat-sun,wed")), len(weekdays(""))
    ([0, 1, 2, 3, 4], [2, 5, 6], 7)
    """
    found: set[int] = set()
    for part in filter(None, days.lower().replace(" ", "").split(",")):
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found |= {(start + n) % 7 for n in range((end - start) % 7 + 1)}
    return frozenset(found or range(7))


def opening(hours: Hours | None, now: datetime) -> Opening | None:
    """Return how a line stands at ``now`` (with a time zone); None if we do not know its hours.

    >>> from datetime import timezone
    >>> line = Hours("America/Tegucigalpa", days="mon-fri", open=time(8), close=time(16))
    >>> opening(line, datetime(2026, 11, 25, 21, 30, tzinfo=timezone.utc)).open  # 15:30 there
    True
    """
    if hours is None:
        return None
    if hours.always:
        return Opening(True)
    if hours.open is None or hours.close is None:
        return None
    local = now.astimezone(ZoneInfo(hours.tz))
    days = weekdays(hours.days)
    # A line that closes after midnight may still be open from the evening before.
    for offset in range(-1, 8):
        day = (local + timedelta(days=offset)).date()
        if day.weekday() not in days:
            continue
        begin = datetime.combine(day, hours.open, local.tzinfo)
        end = datetime.combine(day, hours.close, local.tzinfo)
        if hours.close <= hours.open:
            end = datetime.combine(day + timedelta(days=1), hours.close, local.tzinfo)
        if begin <= local < end:
            return Opening(True, end)
        if local < begin:
            return Opening(False, begin)
    return None


def parse(text: str) -> Hours | None:
    """Return hours written as ``America/Tegucigalpa mon-fri 08:00-17:00``, None if they are not.

    >>> parse("America/Tegucigalpa mon-fri 08:00-17:00").close
    datetime.time(17, 0)
    >>> parse("always") is None
    True
    """
    try:
        tz, days, span = text.split()
        begin, end = map(time.fromisoformat, span.split("-"))
        weekdays(days)
        ZoneInfo(tz)
    except (ValueError, KeyError):
        return None
    return Hours(tz, days=days, open=begin, close=end)
