"""Answers what is in the inbox: one turn, one atomic step that saves and sends all of it."""

from __future__ import annotations

import asyncio
import json
import logging
import time

from redis.asyncio import Redis

from bot.messages import InboundMessage, OutboundMessage
from bot.reflexes import static_error
from bot.runtime import keys, trackers
from bot.runtime.assistant import Assistant, Turn
from bot.runtime.events import KEPT, Event, emit
from bot.runtime.outbox import outbox_fields
from bot.runtime.state import PersonState

logger = logging.getLogger(__name__)

TRIES = 3
# What is said about erasing -> the event by which staff can show that it was asked for and done.
ERASURE = {"erase_confirm": "erasure.requested", "erased": "erasure.done"}
TURN_SECONDS = 20.0

# The owner of the lease saves the conversation and the person's state, queues the replies
# and acknowledges the message: all, or (the lease lost, or done before) nothing.
_COMMIT = """
local lease, inbox, tracker, profile, issued, outbox, events, tries, address = unpack(KEYS)
local job = cjson.decode(ARGV[1])
if redis.call('GET', lease) ~= job.owner then return 0 end
if redis.call('XACK', inbox, job.group, job.entry) == 0 then return 0 end
redis.call('XDEL', inbox, job.entry)
redis.call('DEL', tries)
if job.erase then
  redis.call('DEL', tracker, profile, issued)
  redis.call('EXPIRE', address, job.last_reply_for)
else
  if job.tracker ~= '' then redis.call('SET', tracker, job.tracker, 'EX', job.kept_for) end
  for field, value in pairs(job.profile) do redis.call('HSET', profile, field, value) end
  redis.call('EXPIRE', profile, job.kept_for)
  for _, payload in ipairs(job.issued) do redis.call('SADD', issued, payload) end
  redis.call('EXPIRE', issued, job.issued_for)
end
redis.call('XADD', events, 'MAXLEN', '~', job.events_kept, '*',
           'type', job.event[1], 'at', job.event[2], 'details', job.event[3])
for _, reply in ipairs(job.replies) do redis.call('XADD', outbox, '*', 'reply', reply) end
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
        if phrase := ERASURE.get(str(_last_about(turn.replies).get("phrase"))):
            await emit(self._redis, Event(phrase, {"channel": message.channel}))

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
        job = {
            "owner": self._owner,
            "group": keys.GROUP,
            "entry": entry,
            "tracker": tracker,
            "kept_for": keys.TRACKER_FOR,
            "erase": turn.erased,
            "last_reply_for": LAST_REPLY_SECONDS,
            "profile": {**turn.state.to_fields(), "country": turn.country or ""},
            "issued": [choice.payload for reply in turn.replies for choice in reply.choices],
            "issued_for": keys.ISSUED_FOR,
            "event": answered(message, turn).fields(),
            "events_kept": KEPT,
            "replies": [
                outbox_fields(f"{message.channel}:{message.provider_id}:{n}", message, reply)
                for n, reply in enumerate(turn.replies)
            ],
        }
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
            json.dumps(job, ensure_ascii=False),
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
