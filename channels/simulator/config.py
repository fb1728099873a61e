"""What the simulator must know about the rest: secrets, our addresses, which phones are live."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bot import settings
from channels.simulator.credentials import CHANNELS, SIMULATED, home


@dataclass(frozen=True)
class Config:
    """``local_url`` is where our webhooks listen, ``public_url`` what signatures are made for."""

    local_url: str
    public_url: str
    live: frozenset[str] = frozenset(CHANNELS)
    account_sid: str = ""
    auth_token: str = ""
    service_sid: str = ""
    sms_from: str = ""
    whatsapp_from: str = ""
    telegram_token: str = ""
    telegram_secret: str = ""
    configured: frozenset[str] = frozenset()  # channels that have real secrets
    redis_url: str = ""
    production: bool = False
    kept_file: Path | None = None  # for what the providers do not forget at a restart

    @classmethod
    def from_settings(cls) -> Config:
        """Return what the environment says."""
        port = settings.get("FARO_PORT")
        production = settings.get("FARO_ENV") == "production"
        named = os.environ.get(SIMULATED, "").split(",")
        live = frozenset(() if production else (c for c in CHANNELS if c in named))
        return cls(
            local_url=home(settings.get("FARO_HOST"), port),
            public_url=(settings.get("PUBLIC_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
            live=live,
            account_sid=settings.get("TWILIO_ACCOUNT_SID"),
            auth_token=settings.get("TWILIO_AUTH_TOKEN").partition(",")[0].strip(),
            service_sid=settings.get("TWILIO_MESSAGING_SERVICE_SID"),
            sms_from=settings.get("TWILIO_SMS_FROM"),
            whatsapp_from=settings.get("TWILIO_WHATSAPP_FROM"),
            telegram_token=settings.get("TELEGRAM_TOKEN"),
            telegram_secret=settings.get("TELEGRAM_SECRET"),
            configured=_configured() - live,
            redis_url=settings.get("REDIS_URL"),
            production=production,
            kept_file=settings.var_folder() / "simulator.json" if live else None,
        )

    def state(self, channel: str) -> str:
        """Return "live" (simulated), "real" (the channel has real secrets) or "off"."""
        if channel in self.live:
            return "live"
        return "real" if channel in self.configured else "off"

    def number(self, channel: str) -> str:
        """Return our own number on SMS or WhatsApp."""
        return self.sms_from if channel == "sms" else self.whatsapp_from


def _configured() -> frozenset[str]:
    twilio = settings.get("TWILIO_ACCOUNT_SID") and settings.get("TWILIO_AUTH_TOKEN")
    found = {
        "sms": twilio and settings.get("TWILIO_SMS_FROM"),
        "whatsapp": twilio and settings.get("TWILIO_WHATSAPP_FROM"),
        "telegram": settings.get("TELEGRAM_TOKEN"),
    }
    return frozenset(channel for channel, there in found.items() if there)
