"""Made-up credentials: with them a channel that has no real ones talks to the simulator."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from string import ascii_letters, digits

CHANNELS = ("whatsapp", "sms", "telegram")
SIMULATED = "SIMULATED"  # names the phones that are live: "whatsapp,sms,telegram"

# The settings that only a real account gives. One of them set means: this network is real.
_REAL_TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET")
_REAL_TELEGRAM = ("TELEGRAM_TOKEN", "TELEGRAM_SECRET")


def simulated(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that switch on every channel without real secrets, new at each start.

    Nothing in production, and nothing for a network of which any secret is set: half a
    configuration is a mistake to be seen, not to be covered up.
    """
    if environment.get("FARO_ENV") == "production":
        return {}
    base = home(environment.get("FARO_HOST", ""), environment.get("FARO_PORT") or "8080")
    base += "/simulator"
    made: dict[str, str] = {}
    live: list[str] = []
    if not any(environment.get(name) for name in _REAL_TWILIO):
        live += ["whatsapp", "sms"]
        made |= {
            "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
            # 555-01xx numbers are set aside for fiction.
            "TWILIO_WHATSAPP_FROM": f"+12025550{100 + secrets.randbelow(50)}",
            "TWILIO_SMS_FROM": f"+12025550{150 + secrets.randbelow(50)}",
            "TWILIO_API_URL": f"{base}/twilio",
        }
    if not any(environment.get(name) for name in _REAL_TELEGRAM):
        live.append("telegram")
        made |= {
            "TELEGRAM_TOKEN": f"{7_000_000_000 + secrets.randbelow(10**9)}:{_letters(35)}",
            "TELEGRAM_SECRET": _letters(48),
            "TELEGRAM_API_URL": f"{base}/telegram",
        }
    if live:
        made[SIMULATED] = ",".join(live)
    return made


def home(host: str, port: str) -> str:
    """Return the address at which this machine reaches our own web server.

    >>> home("0.0.0.0", "8080")
    'http://127.0.0.1:8080'
    """
    everywhere = ("", "0.0.0.0", "::")  # noqa: S104 - compared, not bound
    return f"http://{'127.0.0.1' if host in everywhere else host}:{port}"


def _letters(count: int) -> str:
    return "".join(secrets.choice(ascii_letters + digits + "_-") for _ in range(count))
