"""Answers what is in the inbox: one turn, one atomic step that saves and sends all of it."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.messages import InboundMessage
from bot.reflexes import static_error
from bot.runtime import handover, keys, metrics, sealing, trackers, turn_events, unanswered
from bot.runtime.assistant import Assistant, Turn
from bot.runtime.erasing import erase, queue_for_provider
from bot.runtime.events import KEPT
from bot.runtime.outbox import outbox_fields
from bot.runtime.polls import resolved
from bot.runtime.state import PersonState
from bot.runtime.trace import trace_of
from bot.runtime.watch import seconds_since

logger = logging.getLogger(__name__)

TRIES = 3
TURN_SECONDS = 20.0

# The owner of the lease saves the conversation and the person's state, queues the replies
# and acknowledges the message: all, or (the lease lost, or done before) nothing.
_COMMIT = """
local lease, inbox, tracker, profile, issued, outbox, events, tries, address,
      stopped, handed, handovers, paused = unpack(KEYS)
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
if job.crisis then redis.call('SET', paused, 'crisis', 'EX', job.paused_for) end
if job.consent == 'stop' then redis.call('SET', stopped, 'button') end
if job.consent == 'start' then redis.call('DEL', stopped) end
if job.handover ~= '' then
  redis.call('XADD', handovers, '*', 'person', job.person, 'what', 'open', 'details', job.handover)
  redis.call('SET', handed, '', 'EX', job.handed_for)
end
for _, event in ipairs(job.events) do
  redis.call('XADD', events, 'MAXLEN', '~', job.events_kept, '*',
             'type', event[1], 'at', event[2], 'details', event[3])
end
for _, reply in ipairs(job.replies) do
  redis.call('XADD', outbox, '*', 'person', job.person, 'reply', reply)
end
return 1
"""
LAST_REPLY_SECONDS = 600  # how long an erased person's address stays, so that the receipt arrives


class Worker:
    """Handles inbox entries for ``PartitionReader``."""

    def __init__(self, assistant: Assistant, redis: Redis[bytes], owner: str) -> None:
        self.assistant = assistant  # swapped whole when another model is live
        self._redis = redis
        self._owner = owner
        self._sealing = sealing.vault()

    async def handle(self, partition: int, entry: str, fields: dict[bytes, bytes]) -> None:
        """Answer one message. Raise if the answer could not be stored: it is then tried again."""
        assistant = self.assistant
        message = await resolved(self._redis, InboundMessage.from_json(fields[b"message"]))
        state, conversation, handed_over = await self._known(message.user_ref)
        if handed_over:
            goal = handover.goes_to(message, self.assistant.live.current.content.words, state)
            # Whoever may be in danger is not left waiting until somebody of the team looks.
            if goal == "both" or message.crisis or (goal == "team" and message.doubt):
                await handover.tell(self._redis, message)
            elif goal == "team":
                await handover.pass_on(self._redis, self._owner, partition, entry, message)
                return
            elif goal == "end":
                await handover.end(self._redis, message.user_ref)
                message = replace(message, flags=(*message.flags, handover.WITH_STAFF))
        written = trackers.Written({message.user_ref: conversation})
        token = trackers.turn.set(written)
        try:
            turn = await asyncio.wait_for(assistant.handle(message, state), TURN_SECONDS)
        except RedisError:  # the store is away, which is no fault of the message
            raise
        except Exception as error:  # whatever fails inside, the person gets an answer
            if await self._tries(message) < TRIES:
                metrics.RETRIES.labels("turn").inc()
                raise
            logger.exception("turn.failed channel=%s", message.channel)
            written.clear()
            turn = self._failed(message, state)
            await self._set_aside(message, error)
        finally:
            trackers.turn.reset(token)
        conversation = written.get(message.user_ref, "")
        await self._commit(partition, entry, message, state, turn, conversation)
        self._measure(message, turn)

    def _measure(self, message: InboundMessage, turn: Turn) -> None:
        said = metrics.outcome(turn_events.last_about(turn))
        metrics.TURNS.labels(message.channel, said).inc()
        metrics.TURN.labels(message.channel).observe(turn.milliseconds / 1000)
        metrics.WAITED.labels(message.channel).observe(seconds_since(message.received_at))
        logger.info(
            "turn.done trace=%s channel=%s outcome=%s ms=%.1f",
            trace_of(message.channel, message.provider_id),
            message.channel,
            said,
            turn.milliseconds,
        )

    async def _known(self, person: str) -> tuple[PersonState, str | None, bool]:
        """Return a person's state, the conversation as stored, and whether the team has it."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(keys.profile(person))
            pipe.smembers(keys.issued(person))
            pipe.get(keys.tracker(person))
            pipe.exists(keys.handed_over(person))
            fields, issued, stored, handed_over = await pipe.execute()
        state = PersonState.from_fields(fields, issued, is_new=stored is None)
        # A damaged one is begun anew (``Trackers``), and must not keep what waits behind it.
        conversation = stored.decode(errors="replace") if stored else None
        return state, conversation, bool(handed_over)

    async def _tries(self, message: InboundMessage) -> int:
        """Count this attempt, across processes, and return how many there were."""
        key = keys.tries(message.channel, message.provider_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, keys.DAY)
            count, _ = await pipe.execute()
        return int(count)

    def _failed(self, message: InboundMessage, state: PersonState) -> Turn:
        """Say that it failed; where the desk left a crisis in doubt, answer the crisis."""
        if message.doubt:
            instead = self.assistant.reflexes(message).otherwise
            if instead:
                return Turn(instead.replies, state, events=instead.events)
        return Turn((static_error(self.assistant.live.current, message),), state)

    async def _set_aside(self, message: InboundMessage, error: Exception) -> None:
        """Leave a note for staff about a message that could not be handled; never its text."""
        await self._redis.xadd(
            keys.DEAD_LETTERS,
            {"what": "message", "reason": type(error).__name__, "entry": message.provider_id},
            maxlen=10_000,
        )

    async def _commit(
        self,
        partition: int,
        entry: str,
        message: InboundMessage,
        before: PersonState,
        turn: Turn,
        tracker: str,
    ) -> None:
        person = message.user_ref
        missed = unanswered.unanswered(message, turn, self._sealing)
        chosen = unanswered.chosen(message, before, turn)
        events = [*turn_events.of(message, turn), *filter(None, (missed, chosen))]
        job = {
            "owner": self._owner,
            "group": keys.GROUP,
            "entry": entry,
            "tracker": tracker,
            "kept_for": keys.TRACKER_FOR,
            "erase": turn.erased,
            "last_reply_for": LAST_REPLY_SECONDS,
            "profile": {
                **turn.state.to_fields(),
                "asked": message.provider_id if missed else "",
                **_known(turn),
            },
            "issued": [choice.payload for reply in turn.replies for choice in reply.choices],
            "issued_for": keys.ISSUED_FOR,
            "crisis": bool(turn.crisis),
            "paused_for": keys.CAMPAIGNS_PAUSED_FOR,
            "consent": turn.consent,
            "person": person,
            "handover": json.dumps(turn.handover, ensure_ascii=False) if turn.handover else "",
            "handed_for": keys.HANDED_FOR,
            "events": [event.fields() for event in events],
            "events_kept": KEPT,
            "replies": [
                outbox_fields(f"{message.channel}:{message.provider_id}:{n}", message, reply)
                for n, reply in enumerate(turn.replies)
            ],
        }
        committed = await self._redis.eval(
            _COMMIT,
            13,
            keys.lease(keys.inbox(partition)),
            keys.inbox(partition),
            keys.tracker(person),
            keys.profile(person),
            keys.issued(person),
            keys.outbox(partition),
            keys.EVENTS,
            keys.tries(message.channel, message.provider_id),
            keys.address(person),
            keys.opted_out(person),
            keys.handed_over(person),
            keys.HANDOVERS,
            keys.campaigns_paused(person),
            json.dumps(job, ensure_ascii=False),
        )
        if not committed:
            logger.warning("turn.lost_lease partition=%s", partition)
        elif turn.erased:
            await handover.end(self._redis, person)  # the team is told that it is over
            seen = keys.seen(message.channel, message.provider_id)
            ids = await erase(self._redis, person, address=False, answering=seen)
            await queue_for_provider(self._redis, message.channel, ids)


def _known(turn: Turn) -> dict[str, str]:
    """Return what the front desk needs to know; nothing new if the assistant was not asked."""
    return {"country": turn.country or "", "language": turn.language} if turn.parse else {}
