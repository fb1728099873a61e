"""When a line is open, across time zones, weekends and midnight."""

from datetime import datetime, time, timezone

import pytest

from bot.content.hours import opening, parse
from bot.content.model import Hours

OFFICE = Hours("America/Tegucigalpa", days="mon-fri", open=time(8), close=time(16))  # UTC-6
NIGHT = Hours("America/Guatemala", days="fri-sat", open=time(20), close=time(2))


def utc(*when):
    return datetime(*when, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("hours", "now", "is_open", "changes"),
    [
        (OFFICE, utc(2026, 11, 25, 14, 0), True, "2026-11-25 16:00"),  # Wednesday 08:00 there
        (OFFICE, utc(2026, 11, 25, 13, 59), False, "2026-11-25 08:00"),
        (OFFICE, utc(2026, 11, 25, 22, 0), False, "2026-11-26 08:00"),
        (OFFICE, utc(2026, 11, 27, 23, 0), False, "2026-11-30 08:00"),  # Friday evening
        (OFFICE, utc(2026, 11, 30, 3, 0), False, "2026-11-30 08:00"),  # Sunday there, Monday in UTC
        (
            NIGHT,
            utc(2026, 11, 28, 7, 0),
            True,
            "2026-11-28 02:00",
        ),  # 01:00, from the evening before
        (NIGHT, utc(2026, 11, 28, 9, 0), False, "2026-11-28 20:00"),
    ],
)
def test_open_now_and_when_that_changes(hours, now, is_open, changes):
    found = opening(hours, now)
    assert found.open is is_open
    assert found.changes.strftime("%Y-%m-%d %H:%M") == changes


def test_always_open_never_changes_and_unknown_is_not_guessed():
    now = utc(2026, 11, 25, 3)
    assert opening(Hours("America/New_York", always=True), now).changes is None
    assert opening(None, now) is None
    assert opening(Hours("America/New_York", days="mon-fri"), now) is None


@pytest.mark.parametrize(
    "text", ["", "mon-fri 8-5", "Mars/Base mon-fri 08:00-16:00", "UTC xyz-fri 08:00-16:00"]
)
def test_hours_that_cannot_be_read_are_none(text):
    assert parse(text) is None
