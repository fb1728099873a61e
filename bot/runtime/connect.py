"""Builds the parts that need the outside: Redis, the keys, the live release."""

from __future__ import annotations

from redis.asyncio import Redis

from bot import settings
from bot.content.live import live_release
from bot.reflexes import Reflexes
from bot.runtime import store
from bot.runtime.desk import Desk
from bot.runtime.vault import Vault


def redis() -> Redis[bytes]:
    """Return a client for ``REDIS_URL``; raise ``SettingError`` if it is not set."""
    url = settings.get("REDIS_URL")
    if not url:
        raise settings.SettingError(
            "REDIS_URL is not set: start everything with `faro run`, which brings its own Redis."
        )
    return store.async_client(url)


def vault() -> Vault:
    return Vault(settings.secret_keys().vault)


def desk() -> Desk:
    """Return the desk that channels hand their messages to."""
    live = live_release()
    return Desk(redis(), vault(), Reflexes(lambda: live.current))
