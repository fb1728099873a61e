"""What is set from outside for the console, each with its default and its meaning."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot import settings as faro

# name, default, what it is for. docs/staff/operar.md names each of them; a test checks it.
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("CONSOLE_HOST", "127.0.0.1", "address the console listens on; a proxy serves the outside"),
    ("CONSOLE_PORT", "8090", "port of the console"),
    ("CONSOLE_URL", "", "https address staff open; makes cookies Secure and __Host-"),
    (
        "CONSOLE_PROXIES",
        "127.0.0.1",
        "addresses or networks of the proxies that say truly from where somebody calls",
    ),
    ("CONSOLE_SECRET_KEY", "", "secret that signs sessions; made on first run if not set"),
    ("FARO_UNANSWERED_KEY", "", "key of not understood messages; else derived from the vault key"),
    (
        "CONSOLE_FIXED_SET",
        "data/eval/questions.jsonl",
        "labelled messages every new model is measured on",
    ),
    ("DATABASE_URL", "", "postgresql://user:password@host/name; else var/console.sqlite3"),
)
_DEFAULTS = {name: default for name, default, _ in SETTINGS}


def get(name: str) -> str:
    """Return a setting by name; only names listed in ``SETTINGS`` exist."""
    return os.environ.get(name, "") or _DEFAULTS[name]


def database() -> dict[str, Any]:
    """Return Django's description of the database."""
    address = get("DATABASE_URL")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(faro.var_folder() / "console.sqlite3"),
            "OPTIONS": {
                # Readers never wait for the writer, and writers queue instead of failing.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql"):
        raise faro.SettingError("DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


def kept_secret(name: str, make: Any) -> str:
    """Return a secret that was made once and lies in ``var/``, readable by its owner only."""
    path = faro.var_folder() / name
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
    return path.read_text()


def redis_url() -> str:
    """Return the store's address: set, or the embedded one's socket; "" if there is none."""
    url = faro.get("REDIS_URL")
    socket: Path = faro.var_folder() / "redis" / "redis.sock"
    return url or (f"unix://{socket}" if socket.exists() else "")
