"""Our account at Twilio: its secrets, its signatures and its API over HTTP.

Signatures are checked by Twilio's own ``RequestValidator``. Requests are our own and not made by
Twilio's client: 8.2.2 neither creates menus nor shows "typing", blocks or hangs without a limit of
time, and does not tell a call that was never sent from one that was.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.request_validator import RequestValidator

from bot import settings
from channels.base import Webhook, public_url
from channels.errors import OutcomeUnknown, RequestError, Unavailable
from channels.transport import NEVER_SENT, Transport
from channels.twilio.codes import error_of

API = "https://api.twilio.com"
CONTENT = "https://content.twilio.com"
MESSAGING = "https://messaging.twilio.com"
TIMEOUT = 10.0  # seconds; Twilio itself gives up on us after 15


@dataclass(frozen=True)
class Account:
    """Secrets and addresses. ``tokens`` are two while the auth token is being changed."""

    sid: str
    tokens: tuple[str, ...]
    public_url: str
    api_key: str = ""
    api_secret: str = ""
    service: str = ""
    api_url: str = ""  # instead of all of Twilio's hosts, for tests and the simulator
    timeout: float = TIMEOUT
    transport: httpx.AsyncBaseTransport = field(default_factory=Transport)  # the seam for tests

    @classmethod
    def from_settings(cls) -> Account:
        tokens = (token.strip() for token in settings.get("TWILIO_AUTH_TOKEN").split(","))
        return cls(
            sid=settings.get("TWILIO_ACCOUNT_SID"),
            tokens=tuple(token for token in tokens if token),
            public_url=public_url(),
            api_key=settings.get("TWILIO_API_KEY"),
            api_secret=settings.get("TWILIO_API_SECRET"),
            service=settings.get("TWILIO_MESSAGING_SERVICE_SID"),
            api_url=settings.get("TWILIO_API_URL").rstrip("/"),
        )

    def missing(self) -> str:
        """Return the name of the first secret that is not set, or ""."""
        if not self.sid:
            return "TWILIO_ACCOUNT_SID"
        return "" if self.tokens else "TWILIO_AUTH_TOKEN"

    # -- signatures --------------------------------------------------------------------------

    def verify(self, hook: Webhook) -> None:
        """Raise ``RequestError`` unless Twilio signed this request for the address we gave it."""
        signature = hook.header("X-Twilio-Signature")
        if not signature or not any(self._signed(hook, token, signature) for token in self.tokens):
            raise RequestError("bad signature", 403)
        sid = form(hook).get("AccountSid", self.sid)
        if not hmac.compare_digest(sid.encode(), self.sid.encode()):
            raise RequestError("another account", 403)

    def _signed(self, hook: Webhook, token: str, signature: str) -> bool:
        # Never the address we see: behind a proxy it differs, and headers can be forged.
        url = self.public_url + hook.url
        params: Any = hook.body.decode("utf-8", "replace") if is_json(hook) else form(hook)
        if is_json(hook) and "bodySHA256=" not in urlsplit(hook.url).query:
            return False
        try:
            return bool(RequestValidator(token).validate(url, params, signature))
        except Exception:  # noqa: BLE001 - 8.2.2 raises on odd requests instead of refusing
            return False

    # -- the API -----------------------------------------------------------------------------

    @cached_property
    def credentials(self) -> dict[str, str]:
        """Return the header that says who we are."""
        # Sending by API key leaves the auth token for signatures only.
        user, secret = self.api_key or self.sid, self.api_secret or self.tokens[0]
        return {"Authorization": "Basic " + b64encode(f"{user}:{secret}".encode()).decode()}

    def address(self, host: str, path: str) -> str:
        return (self.api_url or host) + path

    def messages(self, more: str = "") -> str:
        return self.address(API, f"/2010-04-01/Accounts/{self.sid}/Messages{more}.json")

    async def ask(
        self, method: str, url: str, headers: dict[str, str], **what: Any
    ) -> httpx.Response:
        """Return the answer, its body still to be read; raise an error of httpx."""
        times = httpx.Timeout(self.timeout, connect=5.0).as_dict()
        more = {"headers": headers, "extensions": {"timeout": times}, **what}
        asked = httpx.Request(method, _parsed(url), **more)
        # Past httpx's client, which takes as long again, for redirects and cookies.
        return await self.transport.handle_async_request(asked)

    async def request(self, method: str, url: str, **what: Any) -> dict[str, Any]:
        """Return the JSON that Twilio answers with; raise ``SendError``."""
        try:
            answer = await self.ask(method, url, self.credentials, **what)
            found = _json(await answer.aread())
        except NEVER_SENT as error:
            raise Unavailable("no connection", type(error).__name__) from error
        except httpx.HTTPError as error:  # some of the request was out already
            raise OutcomeUnknown("no answer", type(error).__name__) from error
        if answer.status_code >= 400:
            raise error_of(str(found.get("code") or ""), answer.status_code)
        return found

    def with_limits(self, limits: dict[str, Any]) -> Account:
        return replace(self, timeout=float(limits.get("timeout_seconds", self.timeout)))


def is_json(hook: Webhook) -> bool:
    return "json" in hook.header("Content-Type").lower()


def form(hook: Webhook) -> dict[str, str]:
    return {} if is_json(hook) else hook.form


@lru_cache(maxsize=16)
def _parsed(url: str) -> httpx.URL:
    """Return an address in parts: nearly all messages go to one."""
    return httpx.URL(url)


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
