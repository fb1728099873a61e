"""What is set from outside: environment variables, each with its default and its meaning."""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# name, default, what it is for. docs/operate.md names each of them; a test checks it.
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("FARO_PORT", "8080", "port of the webhooks, the simulator and the health page"),
    ("FARO_HOST", "127.0.0.1", "address they listen on"),
    ("FARO_VAR", "var", "folder for everything that is written: store, releases, keys, logs"),
    ("FARO_ENV", "", "`production` refuses generated keys and switches the simulator off"),
    ("REDIS_URL", "", "Redis or Valkey to use instead of the embedded one"),
    ("FARO_CONSOLE", "on", "`off` starts no staff console"),
    ("FARO_FSYNC", "everysec", "when the embedded Redis forces its file to disk: or `always`"),
    ("FARO_CREDENTIALS", "credentials.yml", "file that names the channels and their limits"),
    ("FARO_PER_MINUTE", "10", "messages of one person in a minute that are answered"),
    ("FARO_PER_HOUR", "60", "the same in an hour; who writes more is told once, then not answered"),
    ("FARO_QUEUE_MOST", "20000", "messages that may wait in one of the 16 partitions of the inbox"),
    ("FARO_METRICS", "127.0.0.1:9464", "where Prometheus reads /metrics; empty: nowhere"),
    ("FARO_ENGINE", "", "`plain` runs Rasa without our patches to its engine"),
    ("PUBLIC_BASE_URL", "", "https address at which providers reach us; they sign for it"),
    ("FARO_PSEUDONYM_KEY", "", "secret behind people's pseudonyms; made on first run if not set"),
    ("FARO_VAULT_KEY", "", "secret that encrypts addresses: 32 bytes in URL-safe base64; likewise"),
    ("TWILIO_ACCOUNT_SID", "", "Twilio account (AC...)"),
    ("TWILIO_AUTH_TOKEN", "", "its auth token: checks signatures; two, by comma, while rotating"),
    ("TWILIO_API_KEY", "", "API key (SK...) to send with; the auth token is used without it"),
    ("TWILIO_API_SECRET", "", "secret of the API key"),
    ("TWILIO_SMS_FROM", "", "our SMS number, +15551234567"),
    ("TWILIO_WHATSAPP_FROM", "", "our WhatsApp number, +15551234567"),
    ("TWILIO_MESSAGING_SERVICE_SID", "", "messaging service (MG...) to send through, optional"),
    ("TWILIO_API_URL", "", "another address for Twilio's API, for tests"),
    ("TELEGRAM_TOKEN", "", "bot token from BotFather"),
    ("TELEGRAM_SECRET", "", "secret that Telegram sends with each webhook; without it we poll"),
    ("TELEGRAM_API_URL", "", "another address for Telegram's API, for tests"),
    (
        "FARO_WATCH_HOURS",
        "",
        "hours between two looks at the facts' sources; empty: none under `faro run`, "
        "24 for a watcher by itself",
    ),
    ("FARO_TEAM_HOURS", "", "when the team answers: `America/Tegucigalpa mon-fri 08:00-17:00`"),
    ("CHATWOOT_URL", "", "help desk in which the team answers, e.g. https://desk.example.org"),
    ("CHATWOOT_INBOX", "", "identifier of its API inbox"),
    (
        "CHATWOOT_SECRET",
        "",
        "part of our webhook's address there, known to nobody else",
    ),
    ("FEDERAL_REGISTER_URL", "https://www.federalregister.gov/api/v1", "the live notices' source"),
)
_DEFAULTS = {name: default for name, default, _ in SETTINGS}


class SettingError(ValueError):
    """A setting is missing or cannot be used; the text says what to do."""


def get(name: str) -> str:
    """Return a setting by name; only names listed in ``SETTINGS`` exist."""
    return os.environ.get(name, "") or _DEFAULTS[name]


def var_folder() -> Path:
    """Return the folder for everything written, made if need be."""
    folder = ROOT / get("FARO_VAR")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True)
class Keys:
    """The two secrets that stand between a pseudonym and a person."""

    pseudonym: str
    vault: str


def secret_keys() -> Keys:
    """Return the keys from the environment, else those made on the first run.

    Raise ``SettingError`` in production when one is not set: a key that lies beside
    the data protects nothing.
    """
    pseudonym, vault = get("FARO_PSEUDONYM_KEY"), get("FARO_VAULT_KEY")
    if pseudonym and vault:
        return Keys(pseudonym, vault)
    if get("FARO_ENV") == "production":
        raise SettingError(
            "Set FARO_PSEUDONYM_KEY and FARO_VAULT_KEY: production does not start on made-up keys."
        )
    path = var_folder() / "keys"
    if not path.exists():
        made = secrets.token_urlsafe(32), urlsafe_b64encode(secrets.token_bytes(32)).decode()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(made))
    kept_pseudonym, kept_vault = path.read_text().split("\n")
    return Keys(pseudonym or kept_pseudonym, vault or kept_vault)
