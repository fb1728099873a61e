"""Replies on their way out: written in one step with the conversation, sent in order.

Each reply keeps a record of its parts, so that a sender that was killed goes on with
the part it had not sent, and a part whose outcome is unknown is not sent twice.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from redis.asyncio import Redis

from bot.messages import InboundMessage, OutboundMessage
from bot.runtime import keys
from bot.runtime.steps import Step, take

PartState = Literal["sending", "sent", "failed", "unknown"]
RECORD_FOR = 30 * keys.DAY
ANSWERED_FOR = 60  # seconds during which nobody needs to be shown that we are typing

_DONE = """
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
"""


@dataclass(frozen=True)
class Reply:
    """One entry of the outbox. ``key`` is the same however often a turn is repeated."""

    key: str
    channel: str
    user_ref: str
    message: OutboundMessage
    answers: str  # provider id of the message this answers

    @classmethod
    def from_json(cls, text: bytes) -> Reply:
        data = json.loads(text)
        return cls(message=OutboundMessage.from_data(data.pop("message")), **data)


def outbox_fields(key: str, answered: InboundMessage, message: OutboundMessage) -> str:
    """Return the JSON of the outbox entry that answers ``answered``."""
    return json.dumps(
        {
            "key": key,
            "channel": answered.channel,
            "user_ref": answered.user_ref,
            "message": asdict(message),
            "answers": answered.provider_id,
        },
        ensure_ascii=False,
    )


def state_of(part: bytes) -> PartState:
    """Return the state in the record of a part, which may name the provider's id after it."""
    return part.decode().partition(" ")[0]  # type: ignore[return-value]


def listed(pipe: Any, person: str, *names: str) -> None:
    """List keys as a person's, for erasing them."""
    pipe.sadd(keys.made(person), *names)
    pipe.expire(keys.made(person), keys.MADE_FOR)


class Outbox:
    """The reading end of the outbox, used by the sender."""

    def __init__(self, redis: Redis[bytes]) -> None:
        self._redis = redis

    async def done(self, stream: str, entry: str, *before: Step) -> None:
        """Take an entry off the queue: all of it was sent, or set aside; first do what is left."""
        await take(self._redis, *before, Step(_DONE, (stream,), (keys.GROUP, entry)))

    async def set_aside(self, stream: str, entry: str, reply: Reply, reason: str) -> None:
        """Move an entry that cannot be sent to the dead letters, where staff see it."""
        async with self._redis.pipeline(transaction=True) as pipe:
            self._dead(pipe, reply, reason)
            self._off(pipe, stream, entry)
            await pipe.execute()

    async def note_dead(self, reply: Reply, reason: str) -> None:
        """Show staff a reply of which a part may not have arrived; the rest of it goes on."""
        async with self._redis.pipeline(transaction=True) as pipe:
            self._dead(pipe, reply, reason)
            await pipe.execute()

    async def move(
        self, partition: int, entry: str, stream: str, fields: dict[bytes, bytes]
    ) -> None:
        """Move an entry to another stream as it is."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xadd(stream, fields)
            self._off(pipe, keys.outbox(partition), entry)
            await pipe.execute()

    def _dead(self, pipe: Any, reply: Reply, reason: str) -> None:
        letter = {"what": "reply", "reason": reason, "entry": json.dumps(asdict(reply))}
        pipe.xadd(keys.DEAD_LETTERS, letter, maxlen=10_000)

    def _off(self, pipe: Any, stream: str, entry: str) -> None:
        pipe.xack(stream, keys.GROUP, entry)
        pipe.xdel(stream, entry)
