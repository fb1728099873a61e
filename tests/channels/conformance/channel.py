"""The channel that a case is about, set up as the case says, and the provider behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from channels.base import Channel
from channels.telegram import TelegramChannel
from channels.telegram.api import Api
from channels.telegram.commands import Commands
from channels.twilio import SmsChannel, WhatsAppChannel
from channels.twilio.account import Account
from channels.twilio.contents import Contents
from tests.channels.conformance.cases import Case
from tests.channels.harness import CONTENTS, Provider


def provider_of(case: Case) -> Provider:
    """Return a provider that answers as the case has written down."""
    given = case["given"]
    return Fetches(given) if "fetch" in given else Provider(*_script(case))


def _script(case: Case) -> list[dict[str, Any]]:
    return [
        {"method": "POST Messages.json", **planned} if _twilio(case) else dict(planned)
        for planned in case["given"].get("upstream", ())
    ]


def _twilio(case: Case) -> bool:
    return bool(case["channel"] != "telegram")


def channel_of(case: Case, fixtures: Mapping[str, Any], provider: Provider) -> Channel:
    """Return the case's channel, in front of a provider."""
    config: dict[str, Any] = case["given"].get("config") or {}
    if not _twilio(case):
        aliases = {c: {"aliases": names} for c, names in (config.get("commands") or {}).items()}
        stored = Commands.stored().by_language
        return TelegramChannel(
            Api(fixtures["telegram_token"], transport=provider),
            token=fixtures["telegram_token"],
            secret=fixtures["telegram_secret"],
            base_url=fixtures["public_base_url"],
            limits={"username": config.get("bot_username", "AwarenessTestBot")},
            pseudonym_key=fixtures["pseudonym_key"],
            commands=Commands({**stored, "case": aliases}),
        )
    account = Account(
        sid=fixtures["account_sid"],
        tokens=(fixtures["twilio_auth_token"], fixtures["twilio_auth_token_secondary"]),
        public_url=fixtures["public_base_url"],
        service=fixtures["messaging_service_sid"],
        transport=provider,
    )
    key = fixtures["pseudonym_key"]
    if case["channel"] == "whatsapp":
        sender = fixtures["whatsapp_sender"]
        limits = {"templates": _templates(config)}
        return WhatsAppChannel(account, sender, limits, key, Contents(dict(CONTENTS)))
    return SmsChannel(account, fixtures["sms_sender"], {}, key)


def _templates(config: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, sid in (config.get("templates") or {}).items():
        template, _, language = name.partition(":")
        found.setdefault(template, {})[language] = sid
    return found


class Fetches(Provider):
    """A provider that holds one file, behind a redirect."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__()
        self._file = given["fetch"]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "DELETE":
            return httpx.Response(204)
        target = self._file.get("redirects_to")
        if target and str(request.url) == self._file["url"]:
            return httpx.Response(307, headers={"location": target})
        start = {"audio/ogg": b"OggS", "application/pdf": b"%PDF-"}.get(
            self._file["content_type"], b""
        )
        content = start.ljust(int(self._file.get("size", 100)), b"\0")
        return httpx.Response(200, content=content)
