"""Whether people of the team answer in this chat, and when."""

from __future__ import annotations

from datetime import datetime, timezone

from bot import settings
from bot.content.hours import opening, parse
from bot.content.model import Hours


def staffed() -> bool:
    """Return whether a help desk is connected, so that anybody could answer."""
    connected = all(settings.get(f"CHATWOOT_{name}") for name in ("URL", "INBOX", "SECRET"))
    return connected and team_hours() is not None


def team_hours() -> Hours | None:
    """Return the hours that the campaign promises, None if it promises none."""
    return parse(settings.get("FARO_TEAM_HOURS"))


def open_now(now: datetime | None = None) -> bool:
    """Return whether somebody should be there at this moment."""
    opens = opening(team_hours(), now or datetime.now(timezone.utc))
    return bool(staffed() and opens and opens.open)
