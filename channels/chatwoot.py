"""Chatwoot as the help desk: the team answers people in the chat in which they write to Faro.

Out by its public client API (contacts, conversations, messages of an API inbox), back by the
webhook of that inbox. Chatwoot learns no address and no pseudonym, only a number made for this.
https://developers.chatwoot.com/api-reference/contacts-api/create-a-contact
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from bot import settings
from channels.base import Webhook
from channels.errors import RequestError

logger = logging.getLogger(__name__)

TIMEOUT = 10.0  # seconds


class DeskError(Exception):
    """The help desk did not take something; ``final``: trying again would not help."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


@dataclass(frozen=True)
class Spoken:
    """What the team did: said something, or closed the conversation."""

    conversation: str
    message: str = ""
    text: str = ""
    closed: bool = False


class Chatwoot:
    """The client of one API inbox; ``off`` without its settings."""

    def __init__(
        self, url: str, inbox: str, secret: str, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._url = f"{url.rstrip('/')}/public/api/v1/inboxes/{inbox}"
        self._secret = secret
        self.off = "" if url and inbox and secret else "CHATWOOT_* is not set"
        self._transport = transport

    @classmethod
    def from_settings(cls) -> Chatwoot:
        return cls(
            settings.get("CHATWOOT_URL"),
            settings.get("CHATWOOT_INBOX"),
            settings.get("CHATWOOT_SECRET"),
        )

    async def open(self, about: dict[str, Any]) -> tuple[str, str]:
        """Begin a conversation and return its contact and number."""
        source = secrets.token_hex(12)
        name = f"Faro {source[:4]}"
        contact = await self._post("/contacts", {"source_id": source, "name": name})
        made = str(contact.get("source_id") or source)
        conversation = await self._post(
            f"/contacts/{made}/conversations", {"custom_attributes": about}
        )
        number = conversation.get("id")
        if number is None:
            raise DeskError("conversation without a number", final=True)
        return made, str(number)

    async def say(self, contact: str, conversation: str, text: str) -> None:
        """Show the team what the person wrote."""
        await self._post(
            f"/contacts/{contact}/conversations/{conversation}/messages", {"content": text}
        )

    async def close(self, contact: str, conversation: str) -> None:
        """Mark a conversation as resolved: the person has left it."""
        await self._post(f"/contacts/{contact}/conversations/{conversation}/toggle_status", {})

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, transport=self._transport) as http:
                answer = await http.post(self._url + path, json=body)
        except httpx.HTTPError as error:
            raise DeskError(type(error).__name__) from error
        if answer.status_code >= 400:
            final = answer.status_code < 500 and answer.status_code not in (408, 429)
            raise DeskError(f"http_{answer.status_code}", final=final)
        try:
            found = answer.json() if answer.content else {}
        except ValueError:
            found = {}
        return found if isinstance(found, dict) else {}

    # -- the webhook back ----------------------------------------------------------------------

    def verify(self, given: str) -> None:
        """Raise ``RequestError`` unless the address of the webhook holds our secret."""
        if self.off:
            raise RequestError("help desk off", 503)
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise RequestError("bad secret", 403)

    def parse(self, hook: Webhook) -> Spoken | None:
        """Return what the team did; None for what concerns nobody (notes, our own messages)."""
        try:
            data = json.loads(hook.body)
            event = data.get("event")
            if event == "message_created":
                return self._message(data)
            if event == "conversation_status_changed" and data.get("status") == "resolved":
                return Spoken(str(data["id"]), closed=True)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RequestError("unreadable") from error
        return None

    def _message(self, data: dict[str, Any]) -> Spoken | None:
        outgoing = data.get("message_type") in ("outgoing", 1)
        text = data.get("content")
        if not outgoing or data.get("private") or not isinstance(text, str) or not text.strip():
            return None
        return Spoken(str(data["conversation"]["id"]), str(data["id"]), text.strip())
