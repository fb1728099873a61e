"""The world a case happens in: channels, desk, store and provider, set as the case says."""

from __future__ import annotations

import functools
import json
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from redis.asyncio import Redis
from twilio.request_validator import RequestValidator

from bot import settings
from bot.choices import settle
from bot.content import release as releases
from bot.content.files import read_content
from bot.content.model import Release
from bot.messages import Attachment, Choice, InboundMessage, Location, Media, OutboundMessage
from bot.privacy import user_ref
from bot.reflexes import Reflexes
from bot.runtime import keys
from bot.runtime.desk import Desk
from bot.runtime.outbox import Reply
from bot.runtime.vault import Vault
from channels.base import Answer, Channel, Webhook
from channels.deliveries import Deliveries
from channels.telegram import TelegramChannel
from channels.telegram.api import Api
from channels.telegram.commands import Commands
from channels.twilio import SmsChannel, WhatsAppChannel
from channels.twilio.account import Account
from channels.twilio.contents import Contents
from tests.channels.conformance.assistant import converse
from tests.channels.harness import CONTENTS, VAULT_KEY, Provider, messages_in, sender_on

Case = dict[str, Any]
MORE = "Más…"  # what the content calls the way to further choices


@functools.cache
def release() -> Release:
    return releases.build(read_content(settings.ROOT), 1)


@functools.cache
def reflexes() -> Reflexes:
    """Return the reflexes, their rules compiled as in a process that has been up for a while."""
    made = Reflexes(release)
    made(InboundMessage("sms", "nobody", "0", text="hola"))
    return made


@dataclass
class World:
    """Everything a case touches."""

    case: Case
    fixtures: dict[str, Any]
    redis: Redis[bytes]
    store_down: bool = False
    answers: list[Answer] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.given: dict[str, Any] = self.case["given"]
        self.state: dict[str, Any] = self.given.get("state") or {}
        self.config: dict[str, Any] = self.given.get("config") or {}
        self.provider = Fetches(self.given) if "fetch" in self.given else Provider(*self._script())
        self.channel = self._channel()
        self.desk = Desk(self.redis, Vault(VAULT_KEY), reflexes())
        self.channel.attach(self.desk)

    # -- the people and what we know of them -------------------------------------------------

    @property
    def address(self) -> str:
        to = (self.given.get("send") or {}).get("to") or {}
        default = "5550001" if self.channel.name() == "telegram" else "+12025550143"
        return str(to.get("address") or default).removeprefix("whatsapp:")

    @property
    def person(self) -> str:
        to = (self.given.get("send") or {}).get("to") or {}
        key = self.fixtures["pseudonym_key"]
        return str(to.get("user_ref") or user_ref(key, self.channel.name(), self.address))

    async def set_up(self) -> None:
        """Put the store into the state that the case starts from."""
        if self.state.get("opted_out"):
            await self.redis.set(keys.opted_out(self.person), "1")
        for known in self.state.get("known_users", ()):
            ref = user_ref(self.fixtures["pseudonym_key"], self.channel.name(), known)
            await self.redis.hset(keys.profile(ref), "last_inbound", time.time())
        if self.state.get("flooded"):
            await self.redis.set(keys.flood(self.person, "minute"), 100, ex=60)
        if self.state.get("safety_pending"):
            await self.redis.set(keys.campaigns_paused(self.person), "crisis", ex=3600)
        if message := self.state.get("message"):
            await self._sent_before(message)
        if "send" in self.given:
            await self._known()

    async def _sent_before(self, message: dict[str, Any]) -> None:
        purpose = message.get("purpose", "reply")
        reply = Reply(
            "old", self.channel.name(), self.person, OutboundMessage("x", purpose=purpose), ""
        )
        deliveries = Deliveries(self.redis)
        delivery = await deliveries.begin(reply, 0, kept=json.dumps(asdict(reply)))
        record = {name: value.decode() for name, value in await self._record(delivery.reference)}
        # The case names the message by an id of its own.
        reference = message["id"]
        await self.redis.hset(keys.delivery(reference), mapping={**record, "reference": reference})
        await self.redis.rename(keys.kept(delivery.reference), keys.kept(reference))
        found = await deliveries.find(reference, "")
        assert found is not None
        await deliveries.settle(found, "sent", message["sid"])
        await deliveries.advance(found, message["status"])

    async def _record(self, reference: str) -> list[tuple[str, bytes]]:
        raw = await self.redis.hgetall(keys.delivery(reference))
        await self.redis.delete(keys.delivery(reference))
        return [(name.decode(), value) for name, value in raw.items()]

    async def _known(self) -> None:
        sealed = Vault(VAULT_KEY).seal(self.person, self.address)
        await self.redis.set(keys.address(self.person), sealed)
        left = float(self.state.get("window_seconds_left", 24 * 3600))
        left -= float(self.state.get("queue_delay_s", 0))
        if self.state.get("window_open") is False:
            left = -1.0
        last = time.time() - 24 * 3600 + left
        await self.redis.hset(keys.profile(self.person), "last_inbound", last)

    # -- what happens ------------------------------------------------------------------------

    async def happen(self) -> None:
        """Let the case's requests, reply, fetch or set-up take place, and all that follows."""
        for request in self._requests():
            began = time.perf_counter()
            self.answers.append(await self.channel.receive(request))
            self.took_ms.append((time.perf_counter() - began) * 1000)
            if is_conversation(self.case):
                await converse(self.redis)
        if "send" in self.given:
            await self._send(self.given["send"])
        if "setup" in self.given:
            await self.channel.prepare()
        if "fetch" in self.given:
            await self._fetch()
        if not self.store_down:
            await self._engine_replies()
            await self.drain()
        await self.channel.close()

    async def _engine_replies(self) -> None:
        """Put the reply that the case gives the assistant into the outbox."""
        if text := self.given.get("engine_reply"):
            for message in await messages_in(self.redis):
                reply = Reply(
                    "said", message.channel, message.user_ref, OutboundMessage(text), "in"
                )
                await self._put(reply)

    async def drain(self) -> None:
        """Let the sender take everything out of the outbox."""
        sender = sender_on(self.redis, **{self.channel.name(): self.channel})
        for partition in range(keys.PARTITIONS):
            for entry, fields in await self.redis.xrange(keys.outbox(partition)):
                await sender.handle(partition, entry.decode(), fields)

    async def _send(self, send: dict[str, Any]) -> None:
        if send.get("typing"):
            await self.channel.typing(self.address, str(send.get("inbound_sid", "")))
            return
        reply = Reply("new", self.channel.name(), self.person, outbound(send), "in")
        await self._put(reply)

    async def _put(self, reply: Reply) -> None:
        stream = keys.outbox(keys.partition_of(reply.user_ref))
        await self.redis.xadd(stream, {"reply": json.dumps(asdict(reply))})

    async def _fetch(self) -> None:
        wanted = self.given["fetch"]
        await self.channel.fetch(Attachment("voice", wanted["content_type"], wanted["url"]))

    async def engine_sees(self) -> list[InboundMessage]:
        """Return what the assistant is given, typed answers and payloads settled."""
        offered = [Choice(c["title"], c["id"]) for c in self.state.get("last_choices", ())]
        age = float(self.state.get("last_choices_age_s", 0))
        issued = set(self.state.get("issued_payloads", ()))
        seen = [settle(m, offered, age, issued) for m in await messages_in(self.redis)]
        return [message for message in seen if message is not None]

    # -- how a case is written ---------------------------------------------------------------

    def _requests(self) -> list[Webhook]:
        given = self.given
        listed = given.get("requests") or ([given["request"]] if "request" in given else [])
        found = [as_hook(request) for request in listed]
        if "burst" in given:
            found += [
                self._again(given["burst"]["template"], n) for n in range(given["burst"]["count"])
            ]
        return found

    def _again(self, template: dict[str, Any], number: int) -> Webhook:
        """Return one of many requests: with an id of its own, and therefore signed anew."""
        fields = {**template["form"], "MessageSid": f"SM{number:032x}"}
        url = self.fixtures["public_base_url"] + template["path"]
        signature = RequestValidator(self.fixtures["twilio_auth_token"]).compute_signature(
            url, fields
        )
        headers = {**template["headers"], "X-Twilio-Signature": signature}
        return Webhook(template["path"], "POST", headers, urlencode(fields).encode())

    def _script(self) -> list[dict[str, Any]]:
        return [
            {"method": "POST Messages.json", **planned} if self._twilio() else dict(planned)
            for planned in self.given.get("upstream", ())
        ]

    def _twilio(self) -> bool:
        return bool(self.case["channel"] != "telegram")

    def _channel(self) -> Channel:
        fixtures = self.fixtures
        if not self._twilio():
            aliases = {
                c: {"aliases": names} for c, names in (self.config.get("commands") or {}).items()
            }
            stored = Commands.stored().by_language
            return TelegramChannel(
                Api(fixtures["telegram_token"], transport=self.provider),
                token=fixtures["telegram_token"],
                secret=fixtures["telegram_secret"],
                base_url=fixtures["public_base_url"],
                limits={"username": self.config.get("bot_username", "AwarenessTestBot")},
                pseudonym_key=fixtures["pseudonym_key"],
                commands=Commands({**stored, "case": aliases}),
            )
        account = Account(
            sid=fixtures["account_sid"],
            tokens=(fixtures["twilio_auth_token"], fixtures["twilio_auth_token_secondary"]),
            public_url=fixtures["public_base_url"],
            service=fixtures["messaging_service_sid"],
            transport=self.provider,
        )
        key = fixtures["pseudonym_key"]
        if self.case["channel"] == "whatsapp":
            sender = fixtures["whatsapp_sender"]
            limits = {"templates": self._templates()}
            return WhatsAppChannel(account, sender, limits, key, Contents(dict(CONTENTS)))
        return SmsChannel(account, fixtures["sms_sender"], {}, key)

    def _templates(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name, sid in (self.config.get("templates") or {}).items():
            template, _, language = name.partition(":")
            found.setdefault(template, {})[language] = sid
        return found


def is_conversation(case: Case) -> bool:
    """Return whether the assistant decides what happens: the real one then answers."""
    return any(event["type"].startswith("erasure.") for event in case["expect"].get("events", ()))


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


def as_hook(request: dict[str, Any]) -> Webhook:
    """Return a case's request."""
    body = b""
    if "form" in request:
        body = urlencode(request["form"]).encode()
    elif "json" in request:
        body = json.dumps(request["json"]).encode()
    elif "raw_body" in request:
        body = request["raw_body"].encode()
    elif "raw_body_size" in request:
        body = b"x" * request["raw_body_size"]
    path = request["path"]
    assert not urlsplit(path).netloc
    return Webhook(path, request["method"], request.get("headers") or {}, body)


def outbound(send: dict[str, Any]) -> OutboundMessage:
    """Return a case's reply as ours."""
    template = send.get("template") or {}
    place = send.get("location")
    return OutboundMessage(
        text=send.get("text", ""),
        choices=tuple(
            Choice(c["title"], c.get("id", ""), c.get("description", ""), c.get("url", ""))
            for c in send.get("choices", ())
        ),
        media=tuple(Media(m["type"], m["url"], m.get("alt", "")) for m in send.get("media", ())),
        location=Location(place["lat"], place["lon"], place.get("label") or "") if place else None,
        more_title=MORE,
        alphabet=send.get("sms_charset", "native"),
        purpose=send.get("purpose", "reply"),
        template=template.get("name"),
        template_values={str(n): value for n, value in enumerate(template.get("vars", ()), 1)},
        language=template.get("lang", "es"),
    )
