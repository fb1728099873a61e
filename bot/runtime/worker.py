"""Answers what is in the inbox: one turn, one atomic step that saves and sends all of it."""

from __future__ import annotations

import asyncio
import logging
import time

from redis.asyncio import Redis

from bot.messages import InboundMessage, OutboundMessage
from bot.reflexes import static_error
from bot.runtime import keys, trackers
from bot.runtime.assistant import Assistant, Turn
from bot.runtime.events import KEPT, Event
from bot.runtime.outbox import outbox_fields
from bot.runtime.state import PersonState

logger = logging.getLogger(__name__)

TRIES = 3
TURN_SECONDS = 20.0

# The owner of the lease saves the conversation and the person's state, queues the replies
# and acknowledges the message: all, or (the lease lost, or done before) nothing.
_COMMIT = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if redis.call('XACK', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 0 end
redis.call('XDEL', KEYS[2], ARGV[3])
redis.call('DEL', KEYS[8])
if ARGV[4] ~= '' then redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5]) end
if ARGV[6] == 'erase' then
  redis.call('DEL', KEYS[3], KEYS[4], KEYS[5])
  redis.call('EXPIRE', KEYS[9], ARGV[7])
end
redis.call('XADD', KEYS[7], 'MAXLEN', '~', ARGV[8], '*',
           'type', ARGV[9], 'at', ARGV[10], 'details', ARGV[11])
local i = 13
local profile = tonumber(ARGV[12])
for n = 1, profile do
  if ARGV[6] ~= 'erase' then redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1]) end
  i = i + 2
end
local issued = tonumber(ARGV[i]) i = i + 1
for n = 1, issued do
  if ARGV[6] ~= 'erase' then redis.call('SADD', KEYS[5], ARGV[i]) end
  i = i + 1
end
if ARGV[6] ~= 'erase' then redis.call('EXPIRE', KEYS[5], ARGV[5]) end
while ARGV[i] do redis.call('XADD', KEYS[6], '*', 'reply', ARGV[i]) i = i + 1 end
return 1
"""
LAST_REPLY_SECONDS = 600  # how long an erased person's address stays, so that the receipt arrives


class Worker:
    """Handles inbox entries for ``PartitionReader``."""

    def __init__(self, assistant: Assistant, redis: Redis[bytes], owner: str) -> None:
        self._assistant = assistant
        self._redis = redis
        self._owner = owner

    async def handle(self, partition: int, entry: str, fields: dict[bytes, bytes]) -> None:
        """Answer one message. Raise if the answer could not be stored: it is then tried again."""
        message = InboundMessage.from_json(fields[b"message"])
        state = await self._state(message.user_ref)
        written: dict[str, str] = {}
        token = trackers.turn.set(written)
        try:
            turn = await asyncio.wait_for(self._assistant.handle(message, state), TURN_SECONDS)
        except Exception as error:  # whatever fails inside, the person gets an answer
            if await self._tries(message) < TRIES:
                raise
            logger.exception("turn.failed channel=%s", message.channel)
            written.clear()
            turn = self._failed(message, state)
            await self._set_aside(message, error)
        finally:
            trackers.turn.reset(token)
        await self._commit(partition, entry, message, turn, written.get(message.user_ref, ""))

    async def _state(self, person: str) -> PersonState:
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(keys.profile(person))
            pipe.smembers(keys.issued(person))
            pipe.exists(keys.tracker(person))
            fields, issued, known = await pipe.execute()
        return PersonState.from_fields(fields, issued, is_new=not known)

    async def _tries(self, message: InboundMessage) -> int:
        """Count this attempt, across processes, and return how many there were."""
        key = keys.tries(message.channel, message.provider_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, keys.DAY)
            count, _ = await pipe.execute()
        return int(count)

    def _failed(self, message: InboundMessage, state: PersonState) -> Turn:
        return Turn((static_error(self._assistant.live.current, message),), state)

    async def _set_aside(self, message: InboundMessage, error: Exception) -> None:
        """Leave a note for staff about a message that could not be handled; never its text."""
        await self._redis.xadd(
            keys.DEAD_LETTERS,
            {"what": "message", "reason": type(error).__name__, "entry": message.provider_id},
            maxlen=10_000,
        )

    async def _commit(
        self, partition: int, entry: str, message: InboundMessage, turn: Turn, tracker: str
    ) -> None:
        person = message.user_ref
        profile = {**turn.state.to_fields(), **_places(turn)}
        payloads = [choice.payload for reply in turn.replies for choice in reply.choices]
        replies = [
            outbox_fields(f"{message.channel}:{message.provider_id}:{n}", message, reply)
            for n, reply in enumerate(turn.replies)
        ]
        committed = await self._redis.eval(
            _COMMIT,
            9,
            keys.lease(keys.inbox(partition)),
            keys.inbox(partition),
            keys.tracker(person),
            keys.profile(person),
            keys.issued(person),
            keys.outbox(partition),
            keys.EVENTS,
            keys.tries(message.channel, message.provider_id),
            keys.address(person),
            self._owner,
            keys.GROUP,
            entry,
            tracker,
            keys.TRACKER_FOR,
            "erase" if turn.erased else "",
            LAST_REPLY_SECONDS,
            KEPT,
            *answered(message, turn).fields(),
            len(profile),
            *(part for pair in profile.items() for part in pair),
            len(payloads),
            *payloads,
            *replies,
        )
        if not committed:
            logger.warning("turn.lost_lease partition=%s", partition)


def answered(message: InboundMessage, turn: Turn) -> Event:
    """Return the event that tells staff how a message was understood, without its text."""
    about = _last_about(turn.replies)
    top = turn.ranking[:3]
    return Event(
        "answered",
        {
            "message": message.provider_id,
            "channel": message.channel,
            "kind": message.kind,
            "label": about.get("answer"),
            "phrase": about.get("phrase"),
            "confidence": top[0][1] if top else None,
            "top": top,
            "language": (turn.parse.get("language") or {}).get("name") or about.get("language"),
            "facts": about.get("facts") or {},
            "release": about.get("release"),
            "crisis": next((f[7:] for f in message.flags if f.startswith("crisis:")), None),
            "ms": round(turn.milliseconds, 1),
            "at": round(time.time(), 3),
        },
    )


def _last_about(replies: tuple[OutboundMessage, ...]) -> dict[str, object]:
    return dict(replies[-1].about) if replies else {}


def _places(turn: Turn) -> dict[str, str]:
    return {"country": turn.country} if turn.country else {}
