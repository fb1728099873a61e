"""The world a case happens in: a person, the store, and all that follows what the case gives."""

from __future__ import annotations

import functools
import json
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from redis.asyncio import Redis

from bot import settings
from bot.choices import settle
from bot.content import release as releases
from bot.content.files import read_content
from bot.content.model import Release
from bot.messages import Attachment, Choice, InboundMessage, OutboundMessage
from bot.privacy import user_ref
from bot.reflexes import Reflexes
from bot.runtime import keys
from bot.runtime.desk import Desk
from bot.runtime.outbox import Reply
from bot.runtime.vault import Vault
from channels.base import Answer
from channels.deliveries import Deliveries
from tests.channels.conformance.assistant import converse
from tests.channels.conformance.cases import Case, as_reply, is_conversation, requests_of
from tests.channels.conformance.channel import channel_of, provider_of
from tests.channels.harness import VAULT_KEY, messages_in, sender_on


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
        self.provider = provider_of(self.case)
        self.channel = channel_of(self.case, self.fixtures, self.provider)
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
        for request in requests_of(self.case, self.fixtures):
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
        reply = Reply("new", self.channel.name(), self.person, as_reply(send), "in")
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
