"""How fast we may send: one clock per channel in Redis, so that all senders share it.

Answers only keep to the channel's rate. Campaigns keep to a lower one as well, and to a
distance between two messages to one person; what is left between the two rates is always free
for answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis

from bot.runtime import keys

BURST_SECONDS = 1.0  # so much may go out at once after a pause

# Each key holds the time at which its next message is due (GCRA). Either all of them let the
# message pass and move on, or none moves and the longest wait is returned.
_TAKE = """
local now = redis.call('TIME')
now = tonumber(now[1]) + tonumber(now[2]) / 1000000
local wait = 0
for i = 1, #KEYS do
  local due = tonumber(redis.call('GET', KEYS[i]) or '0')
  wait = math.max(wait, due - tonumber(ARGV[2 * i]) - now)
end
if wait > 0 then return tostring(wait) end
for i = 1, #KEYS do
  local gap = tonumber(ARGV[2 * i - 1])
  local due = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now)
  redis.call('SET', KEYS[i], tostring(due + gap), 'PX', math.ceil((due + gap - now) * 1000) + 1000)
end
return '0'
"""


class Rates:
    """Waits until a message may go out. ``rate`` is a channel's block in ``credentials.yml``."""

    def __init__(self, redis: Redis[bytes]) -> None:
        self._redis = redis

    async def wait(self, channel: str, person: str, rate: Mapping[str, Any], *, bulk: bool) -> None:
        """Return when this message may be sent."""
        while True:
            seconds = await self.take(channel, person, rate, bulk=bulk)
            if seconds <= 0:
                return
            await asyncio.sleep(seconds)

    async def take(
        self, channel: str, person: str, rate: Mapping[str, Any], *, bulk: bool
    ) -> float:
        """Take this message's turn if it is due; else return in how many seconds to ask again."""
        limits = [(keys.rate(channel), 1 / float(rate.get("reply_per_second", 20)), BURST_SECONDS)]
        if bulk:
            factor = 2 if await self._redis.exists(keys.slow(channel)) else 1
            gap = factor / float(rate.get("bulk_per_second", 1))
            limits.append((keys.rate(channel, "bulk"), gap, 0.0))
            limits.append(
                (keys.rate(channel, person), float(rate.get("bulk_person_seconds", 6)), 0.0)
            )
        flat = [part for _, gap, burst in limits for part in (gap, burst)]
        waiting = await self._redis.eval(_TAKE, len(limits), *(key for key, _, _ in limits), *flat)
        return float(waiting)
