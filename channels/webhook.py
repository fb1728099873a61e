"""Requests as plain data: what a provider sends us, what we answer, what we ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from sanic.request import Request

from bot import settings
from channels.errors import RequestError

MAX_BODY = 64 * 1024  # bytes of one webhook; providers send far less
MAX_FIELDS = 500


@dataclass(frozen=True)
class Webhook:
    """A provider's HTTP request; ``url`` is its path and query, byte for byte."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return a header by name in any case, or ""."""
        return self._headers.get(name.lower(), "")

    @cached_property
    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    @cached_property
    def form(self) -> dict[str, str]:
        """Return the form fields, blank ones included: Twilio signs them, Sanic drops them."""
        text = self.body.decode("utf-8", "replace")
        try:
            return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
        except ValueError as error:
            raise RequestError("too many fields") from error

    @property
    def path(self) -> str:
        return self.url.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """What we answer a provider's request with."""

    status: int
    body: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Call:
    """One request to a provider: its method and parameters under the provider's own names."""

    method: str
    params: dict[str, Any]
    payloads: tuple[str, ...] = ()  # of a native poll: what its options stand for


async def as_webhook(request: Request) -> Webhook:
    """Return a Sanic request as plain data, reading no more of its body than we accept."""
    body = b""
    while request.stream is not None and len(body) <= MAX_BODY:
        chunk = await request.stream.read()
        if not chunk:
            break
        body += chunk
    # raw_url, not url: a signature is over the bytes of the path as the provider wrote them.
    return Webhook(request.raw_url.decode("latin-1"), request.method, dict(request.headers), body)


def public_url() -> str:
    """Return the address at which providers reach us, without a slash at its end."""
    local = f"http://127.0.0.1:{settings.get('FARO_PORT')}"
    return (settings.get("PUBLIC_BASE_URL") or local).rstrip("/")
