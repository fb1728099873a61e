"""The front desk: where every channel hands in what it received, before it acknowledges.

The desk stores a message with all that must happen whatever becomes of the assistant:
the answer to a crisis, the confirmation of a stop word. It is the only part that a
channel knows of what lies behind.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from redis.asyncio import Redis

from bot.messages import InboundMessage, OutboundMessage
from bot.runtime import flood, keys
from bot.runtime.events import Event, emit
from bot.runtime.flood import FLOODED, MUTED
from bot.runtime.inbox import Arrival, Inbox
from bot.runtime.trace import trace_of
from bot.runtime.turns import Turns
from bot.runtime.vault import Vault

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reflex:
    """What a message makes us do at once, without the assistant."""

    replies: tuple[OutboundMessage, ...] = ()
    consent: str = ""  # "stop", "start" or ""
    for_assistant: bool = True
    events: tuple[Event, ...] = ()
    urgent: bool = False  # a crisis: to be answered even if nothing can be stored
    flags: tuple[str, ...] = ()  # told to the assistant, such as "crisis:kidnapped"
    otherwise: Reflex | None = None  # what to do if the assistant cannot say whether it is one


@dataclass(frozen=True)
class Received:
    """What a channel makes of one request: a message, and what the network said about it."""

    message: InboundMessage
    address: str
    consent: str = ""  # the network's own opt-out filter spoke: "stop" or "start"
    for_assistant: bool = True  # False: store and count it, but do not answer
    replies: tuple[OutboundMessage, ...] = ()
    events: tuple[Event, ...] = field(default=())
    alias: str = ""  # another pseudonym of the same person, if the network names one


@dataclass(frozen=True)
class Receipt:
    """What the provider says became of a message of ours."""

    provider_id: str
    status: str
    error: str = ""
    entry: str = ""  # our own id, if the provider gave it back


class Reflexes(Protocol):
    """What is answered at once. Looks at no store and no network."""

    def __call__(
        self, message: InboundMessage, country: str | None = None, language: str | None = None
    ) -> Reflex:
        """Return what to do about a message from someone known to be there and to speak that."""
        ...


class Desk:
    """Takes what channels receive."""

    def __init__(
        self,
        redis: Redis[bytes],
        vault: Vault,
        reflexes: Reflexes,
    ) -> None:
        self.redis = redis
        self.vault = vault
        self.reflexes = reflexes
        self._inbox = Inbox(redis, vault)
        self._order = Turns()

    async def person(self, reference: str) -> str:
        """Return the pseudonym a person is known by, following an alias."""
        known = await self.redis.get(keys.alias(reference))
        return known.decode() if known else reference

    async def identify(self, reference: str, alias: str) -> tuple[str, bool]:
        """Return who two pseudonyms of one person are, and whether that is news.

        The one we know already stays, so that a person who hides or shows their number
        keeps the conversation.
        """
        person = await self.person(reference)
        other = await self.person(alias) if alias else person
        if person == other:
            return person, False
        if await self._knows(other) and not await self._knows(person):
            person, other = other, person
        await self.redis.set(keys.alias(other), person, ex=keys.ADDRESS_FOR)
        await self.redis.sadd(keys.made(person), keys.alias(other))
        return person, True

    async def _knows(self, person: str) -> bool:
        return bool(await self.redis.exists(keys.profile(person), keys.opted_out(person)))

    async def take(self, received: Received) -> bool:
        """Store a message durably; return False if it had been stored before.

        Raise ``RedisError`` when it could not be stored: the channel must then refuse,
        so that the provider repeats it.
        """
        # Several requests of one person may be under way at once: stored in order of arrival.
        async with self._order.lock(received.message.user_ref):
            return await self._take(received)

    async def _take(self, received: Received) -> bool:
        # When the network's own filter spoke, or nobody is to be answered, no reflex adds words.
        quiet = received.consent or not received.for_assistant
        message = received.message
        if quiet or received.alias:
            person, new_alias = await self.identify(message.user_ref, received.alias)
            message = replace(message, user_ref=person)
            if new_alias:
                linked = Event("identity.alias", {"channel": message.channel})
                received = replace(received, events=(*received.events, linked))
        if not quiet:
            person, flag = await flood.count(self.redis, message)
            flags = (*message.flags, flag) if flag else message.flags
            message = replace(message, user_ref=person, flags=flags)
        reflex = Reflex() if quiet else self.reflexes(message)
        if reflex.urgent:
            known = await self.redis.hmget(keys.profile(message.user_ref), "country", "language")
            country, language = (value.decode() if value else None for value in known)
            reflex = self.reflexes(message, country, language)
            paused = keys.campaigns_paused(message.user_ref)
            await self.redis.set(paused, "crisis", ex=keys.CAMPAIGNS_PAUSED_FOR)
        stored = await self._inbox.put(
            Arrival(
                replace(message, flags=(*message.flags, *reflex.flags)),
                received.address,
                for_assistant=received.for_assistant
                and reflex.for_assistant
                and (reflex.urgent or not set(message.flags) & {FLOODED, MUTED})
                and not received.consent,
                replies=(*received.replies, *reflex.replies),
                consent=received.consent or reflex.consent,
                events=(*received.events, *reflex.events, *await self._for_staff(message)),
            )
        )
        trace = trace_of(message.channel, message.provider_id)
        what = "stored" if stored else "repeated"
        logger.info("message.%s trace=%s channel=%s", what, trace, message.channel)
        return stored

    async def _for_staff(self, message: InboundMessage) -> tuple[Event, ...]:
        """Call a person to a voice note that follows a crisis: no machine has understood it."""
        voice = next((a for a in message.attachments if a.type in ("voice", "audio")), None)
        paused = keys.campaigns_paused(message.user_ref)
        if voice is None or not await self.redis.exists(paused):
            return ()
        details = {"priority": "high", "channel": message.channel, "message": message.provider_id}
        return (
            Event("queue.human", {**details, "reason": "voice_after_crisis", "ref": voice.ref}),
        )

    async def note(self, events: Sequence[Event]) -> None:
        """Log what happened without a message (an edited message, a refused request)."""
        for event in events:
            await emit(self.redis, event)
