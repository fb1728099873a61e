"""Where channels leave what people wrote; nothing is acknowledged before it is here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import settings
from bot.messages import InboundMessage, OutboundMessage
from bot.runtime import keys
from bot.runtime.events import KEPT, Event
from bot.runtime.outbox import outbox_fields
from bot.runtime.state import menu_fields
from bot.runtime.vault import Vault

# Too many wait: -1, nothing is done (what has an answer of its own, as a crisis has, is taken all
# the same). Known already: 0. Else remember the id, the address and the time, and do what was
# asked: 1.
# One step, because a crash between any two of these would lose or double a message.
_PUT = """
local seen, address, profile, inbox, outbox, stopped, events, issued, made = unpack(KEYS)
local job, sealed = cjson.decode(ARGV[1]), ARGV[2]
if job.message ~= '' and #job.replies == 0 and redis.call('EXISTS', seen) == 0
   and redis.call('XLEN', inbox) >= job.most then return -1 end
if not redis.call('SET', seen, '1', 'NX', 'EX', job.seen_for) then return 0 end
redis.call('SADD', made, seen)
redis.call('EXPIRE', made, job.seen_for)
redis.call('SET', address, sealed, 'EX', job.address_for)
for field, value in pairs(job.profile) do redis.call('HSET', profile, field, value) end
redis.call('EXPIRE', profile, job.address_for)
for _, payload in ipairs(job.issued) do redis.call('SADD', issued, payload) end
if job.message ~= '' then 
  redis.call('XADD', inbox, '*', 'person', job.person, 'message', job.message)
end
if job.consent == 'stop' then redis.call('SET', stopped, job.profile.last_inbound) end
if job.consent == 'start' then redis.call('DEL', stopped) end
for _, event in ipairs(job.events) do
  redis.call('XADD', events, 'MAXLEN', '~', job.events_kept, '*',
             'type', event[1], 'at', event[2], 'details', event[3])
end
for _, reply in ipairs(job.replies) do
  redis.call('XADD', outbox, '*', 'person', job.person, 'reply', reply)
end
return 1
"""


@dataclass(frozen=True)
class Arrival:
    """A message with what a channel already knows must happen because of it.

    ``for_assistant`` is False for what needs no conversation (a stop word).
    ``replies`` are sent whatever the assistant does. ``consent`` is "stop", "start" or "".
    """

    message: InboundMessage
    address: str
    for_assistant: bool = True
    replies: Sequence[OutboundMessage] = ()
    consent: str = ""
    events: Sequence[Event] = ()


class QueueFullError(RedisError):
    """More waits than can be answered in time: better that the provider keeps it for a while."""


class Inbox:
    """The writing end of the inbox, used by channels."""

    def __init__(self, redis: Redis[bytes], vault: Vault) -> None:
        self._redis = redis
        self._vault = vault

    async def put(self, arrival: Arrival) -> bool:
        """Store an arrival whole; return False if the provider had sent it before.

        Raise ``RedisError`` if nothing could be stored, so that the channel refuses
        and the provider sends it again; ``QueueFullError`` is one.
        """
        message = arrival.message
        person = message.user_ref
        partition = keys.partition_of(person)
        offered = next((reply.choices for reply in arrival.replies if reply.choices), ())
        job = {
            "person": person,
            "most": int(settings.get("FARO_QUEUE_MOST")),
            "seen_for": keys.SEEN_FOR,
            "address_for": keys.ADDRESS_FOR,
            "profile": {
                "last_inbound": f"{message.received_at:.3f}",
                "channel": message.channel,
                # What was offered here must be answerable like any menu.
                **(menu_fields(offered, message.received_at) if offered else {}),
            },
            "issued": [choice.payload for choice in offered],
            "message": message.to_json() if arrival.for_assistant else "",
            "consent": arrival.consent,
            "events": [event.fields() for event in arrival.events],
            "events_kept": KEPT,
            "replies": [
                outbox_fields(f"{message.channel}:{message.provider_id}:now{n}", message, reply)
                for n, reply in enumerate(arrival.replies)
            ],
        }
        stored = int(
            await self._redis.eval(
                _PUT,
                9,
                keys.seen(message.channel, message.provider_id),
                keys.address(person),
                keys.profile(person),
                keys.inbox(partition),
                keys.outbox(partition),
                keys.opted_out(person),
                keys.EVENTS,
                keys.issued(person),
                keys.made(person),
                json.dumps(job, ensure_ascii=False),
                self._vault.seal(person, arrival.address),
            )
        )
        if stored < 0:
            raise QueueFullError(f"partition {partition}")
        return stored == 1
