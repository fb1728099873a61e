"""Where channels leave what people wrote; nothing is acknowledged before it is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from bot.messages import InboundMessage, OutboundMessage
from bot.runtime import keys
from bot.runtime.events import KEPT, Event
from bot.runtime.outbox import outbox_fields
from bot.runtime.vault import Vault

# Known already: 0. Else remember the id, the address and the time, and do what was asked: 1.
# One step, because a crash between any two of these would lose or double a message.
_PUT = """
if not redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
redis.call('HSET', KEYS[3], 'last_inbound', ARGV[4], 'channel', ARGV[5])
redis.call('EXPIRE', KEYS[3], ARGV[3])
if ARGV[6] ~= '' then redis.call('XADD', KEYS[4], '*', 'message', ARGV[6]) end
if ARGV[7] == 'stop' then redis.call('SET', KEYS[6], ARGV[4]) end
if ARGV[7] == 'start' then redis.call('DEL', KEYS[6]) end
local i = 10
for n = 1, tonumber(ARGV[9]) do
  redis.call('XADD', KEYS[7], 'MAXLEN', '~', ARGV[8], '*',
             'type', ARGV[i], 'at', ARGV[i + 1], 'details', ARGV[i + 2])
  i = i + 3
end
while ARGV[i] do redis.call('XADD', KEYS[5], '*', 'reply', ARGV[i]) i = i + 1 end
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


class Inbox:
    """The writing end of the inbox, used by channels."""

    def __init__(self, redis: Redis[bytes], vault: Vault) -> None:
        self._redis = redis
        self._vault = vault

    async def put(self, arrival: Arrival) -> bool:
        """Store an arrival whole; return False if the provider had sent it before.

        Raise ``RedisError`` if nothing could be stored, so that the channel refuses
        and the provider sends it again.
        """
        message = arrival.message
        person = message.user_ref
        partition = keys.partition_of(person)
        events = [part for event in arrival.events for part in event.fields()]
        replies = [
            outbox_fields(f"{message.channel}:{message.provider_id}:now{n}", message, reply)
            for n, reply in enumerate(arrival.replies)
        ]
        return bool(
            await self._redis.eval(
                _PUT,
                7,
                keys.seen(message.channel, message.provider_id),
                keys.address(person),
                keys.profile(person),
                keys.inbox(partition),
                keys.outbox(partition),
                keys.opted_out(person),
                keys.EVENTS,
                keys.SEEN_FOR,
                self._vault.seal(person, arrival.address),
                keys.ADDRESS_FOR,
                message.received_at,
                message.channel,
                message.to_json() if arrival.for_assistant else "",
                arrival.consent,
                KEPT,
                len(arrival.events),
                *events,
                *replies,
            )
        )
