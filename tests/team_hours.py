"""The team at its desk, or away from it, as the settings say it."""

from datetime import datetime, timezone

from bot.content.hours import DAYS


def at_the_desk(monkeypatch):
    """Connect a help desk whose team answers all day."""
    monkeypatch.setenv("CHATWOOT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("CHATWOOT_INBOX", "inbox")
    monkeypatch.setenv("CHATWOOT_SECRET", "secret")
    monkeypatch.setenv("FARO_TEAM_HOURS", "UTC mon-sun 00:00-23:59:59")


def away(monkeypatch):
    """Connect a help desk whose team answers on another day of the week."""
    at_the_desk(monkeypatch)
    another = DAYS[(datetime.now(timezone.utc).weekday() + 3) % 7]
    monkeypatch.setenv("FARO_TEAM_HOURS", f"UTC {another} 08:00-17:00")
