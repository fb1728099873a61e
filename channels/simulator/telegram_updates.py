"""How an update reaches the bot: by webhook with the secret header, or fetched with getUpdates.

https://core.telegram.org/bots/api#getting-updates
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from channels.simulator.config import Config
from channels.simulator.postman import Post, Posted, Postman
from channels.simulator.telegram_errors import TelegramRefusal, bad, whole

WAITING = 1000  # updates kept for getUpdates
PORTS = (None, 443, 80, 88, 8443)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Updates:
    """The way of one bot's updates. A webhook is set from the start, as after a deployment."""

    def __init__(self, config: Config, postman: Postman) -> None:
        self._postman = postman
        self._default = f"{config.public_url}/webhooks/telegram/hook"
        self.url = self._default if config.telegram_secret else ""
        self._secret = config.telegram_secret
        self._allowed: list[str] | None = None
        self._most = 40
        self._queue: deque[dict[str, Any]] = deque(maxlen=WAITING)
        self._arrived = asyncio.Event()
        self._last_error: tuple[int, str] | None = None
        # Updates seen once are never taken again, so numbers go on after a restart.
        self._next = time.time_ns() // 1_000_000

    def number(self) -> int:
        """Return the id of a new update."""
        self._next += 1
        return self._next

    async def hand_over(
        self, update: Mapping[str, Any], told: Callable[[Posted], None] | None = None
    ) -> Posted | None:
        """Bring an update to the bot; None if it waits to be fetched or was not asked for."""
        kind = next(key for key in update if key != "update_id")
        if self._allowed and kind not in self._allowed:
            return None
        if not self.url:
            self._queue.append(dict(update))
            self._arrived.set()
            return None
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        body = json.dumps(update, ensure_ascii=False).encode()
        posted = await self._postman.post(Post(self.url, headers, body), told)
        if not 200 <= posted.status < 300:
            said = f"Wrong response from the webhook: {posted.status or 'Connection refused'}"
            self._last_error = int(time.time()), said
        return posted

    # -- methods of the API ------------------------------------------------------------------

    def set_webhook(self, params: Mapping[str, Any]) -> bool:
        url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
        if url:
            parts = urlsplit(url)
            local = parts.hostname in _LOOPBACK
            if parts.scheme != "https" and not local:
                raise bad("bad webhook: An HTTPS URL must be provided for webhook")
            if parts.port not in PORTS and not local:
                raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
            if not self._postman.reaches_us(url):
                raise bad("bad webhook: Failed to resolve host: Name or service not known")
        if secret and not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        allowed = params.get("allowed_updates")
        self.url, self._secret = url, secret
        self._allowed = [str(kind) for kind in allowed] if isinstance(allowed, list) else None
        self._most = whole(params, "max_connections", 40)
        self._forget(params)
        return True

    def delete_webhook(self, params: Mapping[str, Any]) -> bool:
        self.url = ""
        self._forget(params)
        return True

    def info(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue),
        }
        if self.url:
            found |= {"max_connections": self._most, "ip_address": "127.0.0.1"}
        if self._allowed:
            found["allowed_updates"] = self._allowed
        if self._last_error:
            at, what = self._last_error
            found |= {"last_error_date": at, "last_error_message": what}
        return found

    async def fetch(self, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        if self.url:
            raise TelegramRefusal(
                409,
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete"
                " the webhook first",
            )
        offset = whole(params, "offset")
        limit = min(whole(params, "limit", 100), 100)
        while self._queue and offset and self._queue[0]["update_id"] < offset:
            self._queue.popleft()
        if not self._queue:
            self._arrived.clear()
            seconds = min(whole(params, "timeout"), 50)
            try:
                await asyncio.wait_for(self._arrived.wait(), seconds)
            except asyncio.TimeoutError:
                return []
        return list(self._queue)[:limit]

    def _forget(self, params: Mapping[str, Any]) -> None:
        if params.get("drop_pending_updates") in (True, "true", "True"):
            self._queue.clear()
