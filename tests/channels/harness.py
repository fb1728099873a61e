"""What channel tests share: a real Redis, a provider at the transport, and case tables.

Nothing is patched. The provider stands where the network would be: behind httpx's transport,
which both adapters take as an argument.
"""

from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
from redis.asyncio import Redis
from twilio.request_validator import RequestValidator

from bot.messages import InboundMessage, OutboundMessage
from bot.runtime import keys
from bot.runtime.desk import Desk, Reflex
from bot.runtime.outbox import Outbox, Reply
from bot.runtime.vault import Vault
from channels.base import Channel, Webhook
from channels.sending import Sender
from channels.telegram import TelegramChannel
from channels.telegram.api import Api
from channels.telegram.commands import Commands
from channels.twilio import SmsChannel, WhatsAppChannel
from channels.twilio.account import Account
from channels.twilio.contents import Contents, definitions

BASE_URL = "https://bot.example.org"
ACCOUNT = "AC11111111111111111111111111111111"
AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
SECOND_TOKEN = "fedcba9876543210fedcba9876543210"
SERVICE = "MG22222222222222222222222222222222"
SMS_SENDER, WHATSAPP_SENDER = "+14155550101", "+14155550100"
BOT_TOKEN, BOT_SECRET, BOT_NAME = (
    "700000001:TEST-token-not-real",
    "Conformance_Secret-1",
    "FaroTestBot",
)
PSEUDONYM_KEY = "conformance-pseudonym-key"
VAULT_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
PHONE = "+12025550143"
COMMANDS = Commands({"es": {"start": {}, "help": {"aliases": ["ayuda"], "description": "x"}}})
CONTENTS = {name: f"HX{number:032x}" for number, name in enumerate(definitions())}

Script = dict[
    str, Any
]  # {"status", "json" | "text"} or {"error": "read_timeout" | "connect_error"}


class Provider(httpx.AsyncBaseTransport):
    """Stands in for Twilio and Telegram: records what was asked, answers as scripted."""

    def __init__(self, *script: Script) -> None:
        self.requests: list[httpx.Request] = []
        self.script = deque(script)
        self._number = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        planned = self._planned(request)
        if "error" in planned:
            kind = {"read_timeout": httpx.ReadTimeout, "connect_error": httpx.ConnectError}
            raise kind[planned["error"]]("scripted", request=request)
        if "text" in planned:
            return httpx.Response(planned.get("status", 200), text=planned["text"])
        return httpx.Response(planned.get("status", 200), json=planned["json"])

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what was asked: (method, parameters), Telegram's by method name."""
        return [(_method(request), _params(request)) for request in self.requests]

    def said(self, method: str = "POST Messages.json") -> list[dict[str, Any]]:
        """Return the parameters of every call of one method."""
        return [params for name, params in self.calls if name == method]

    def _planned(self, request: httpx.Request) -> Script:
        method = _method(request)
        for planned in self.script:
            if planned.get("method", method) == method:
                self.script.remove(planned)
                return planned
        return {"json": self._usual(method, _params(request))}

    def _usual(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        if method == "getMe":
            me = {"id": 1, "is_bot": True, "first_name": "Faro", "username": BOT_NAME}
            return {"ok": True, "result": me}
        if method == "getMyCommands":
            return {"ok": True, "result": []}
        if method.startswith("send") and method != "sendChatAction":
            chat = {"id": int(params["chat_id"]), "type": "private"}
            sent = {"message_id": self._number, "date": int(time.time()), "chat": chat}
            return {"ok": True, "result": sent}
        if " " not in method:
            return {"ok": True, "result": True}
        if method == "GET Messages.json":
            return {"messages": []}
        return {"sid": f"SM{self._number:032x}", "status": "queued"}


@dataclass(frozen=True)
class Incoming:
    """One request and what must become of it. ``message`` is compared field by field."""

    label: str
    hook: Webhook
    status: int = 200
    message: dict[str, Any] | None = None
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """One reply and the calls that say it: (method, the parameters that matter)."""

    label: str
    message: OutboundMessage
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def account(provider: Provider | None = None, **changes: Any) -> Account:
    values: dict[str, Any] = {
        "sid": ACCOUNT,
        "tokens": (AUTH_TOKEN, SECOND_TOKEN),
        "public_url": BASE_URL,
        "service": SERVICE,
        "transport": provider or Provider(),
    }
    return Account(**{**values, **changes})


def sms(provider: Provider | None = None) -> SmsChannel:
    return SmsChannel(account(provider), SMS_SENDER, {}, PSEUDONYM_KEY)


def whatsapp(
    provider: Provider | None = None, contents: dict[str, str] = CONTENTS, **limits: Any
) -> WhatsAppChannel:
    known = Contents(dict(contents))
    return WhatsAppChannel(account(provider), WHATSAPP_SENDER, limits, PSEUDONYM_KEY, known)


def telegram(provider: Provider | None = None, **limits: Any) -> TelegramChannel:
    return TelegramChannel(
        Api(BOT_TOKEN, transport=provider or Provider()),
        token=BOT_TOKEN,
        secret=BOT_SECRET,
        base_url=BASE_URL,
        limits={"username": BOT_NAME, **limits},
        pseudonym_key=PSEUDONYM_KEY,
        commands=COMMANDS,
    )


def every_channel(provider: Provider | None = None) -> dict[str, Channel]:
    return {c.name(): c for c in (sms(provider), whatsapp(provider), telegram(provider))}


def signed(path: str, token: str = AUTH_TOKEN, **fields: str) -> Webhook:
    """Return a request as Twilio makes it."""
    signature = RequestValidator(token).compute_signature(BASE_URL + path, fields)
    return Webhook(path, "POST", {"X-Twilio-Signature": signature}, urlencode(fields).encode())


def update(secret: str = BOT_SECRET, **content: Any) -> Webhook:
    """Return a request as Telegram makes it."""
    body = json.dumps({"update_id": 1, **content}).encode()
    header = {"x-telegram-bot-api-secret-token": secret}
    return Webhook("/webhooks/telegram/hook", "POST", header, body)


def no_reflex(message: InboundMessage, country: str | None = None) -> Reflex:
    return Reflex()


def desk_on(redis: Redis[bytes], reflexes: Any = no_reflex) -> Desk:
    return Desk(redis, Vault(VAULT_KEY), reflexes)


def sender_on(redis: Redis[bytes], **channels: Channel) -> Sender:
    return Sender(channels, redis, Vault(VAULT_KEY), Outbox(redis), first_pause=0.0)


async def messages_in(redis: Redis[bytes]) -> list[InboundMessage]:
    """Return what the assistant would get, oldest first."""
    found = []
    for partition in range(keys.PARTITIONS):
        for entry, fields in await redis.xrange(keys.inbox(partition)):
            found.append((entry, InboundMessage.from_json(fields[b"message"])))
    return [message for _, message in sorted(found, key=lambda item: item[0])]


async def events_in(redis: Redis[bytes]) -> list[dict[str, Any]]:
    """Return the events, oldest first: {"type": ..., and the details}."""
    return [
        {**json.loads(fields[b"details"]), "type": fields[b"type"].decode()}
        for _, fields in await redis.xrange(keys.EVENTS)
    ]


def reply(channel: str, message: OutboundMessage, key: str = "r1", person: str = "p1") -> Reply:
    return Reply(key, channel, person, message, "SM0")


async def give_address(redis: Redis[bytes], address: str, person: str = "p1") -> None:
    """Make a person known, as one who has just written."""
    await redis.set(keys.address(person), Vault(VAULT_KEY).seal(person, address))
    await redis.hset(keys.profile(person), "last_inbound", time.time())


async def send(redis: Redis[bytes], sender: Sender, reply: Reply, **fields: str) -> None:
    """Put a reply into the outbox and let the sender handle it."""
    stream = keys.outbox(0)
    body = {"reply": json.dumps(asdict(reply)), **fields}
    entry = (await redis.xadd(stream, body)).decode()
    raw = {key.encode(): value.encode() for key, value in body.items()}
    await sender.handle(0, entry, raw)


def _method(request: httpx.Request) -> str:
    path = request.url.path
    if request.url.host == "api.telegram.org":
        return path.rsplit("/", 1)[-1]
    return f"{request.method} {path.rsplit('/', 1)[-1]}"


def _params(request: httpx.Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        return dict(json.loads(request.content))
    form = parse_qs(request.content.decode(), keep_blank_values=True)
    flat: dict[str, Any] = {}
    for name, values in form.items():
        plural = name in ("MediaUrl", "PersistentAction")
        flat[name] = values if plural else values[0]
        if name in ("reply_markup", "commands", "allowed_updates"):
            flat[name] = json.loads(values[0])
    return flat
