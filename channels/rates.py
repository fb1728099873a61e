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
from bot.runtime.steps import Step, take

BURST_SECONDS = 1.0  # so much may go out at once after a pause

# Each key but the last holds the time at which its next message is due (GCRA). Either all of them
# let the message pass and move on, or none moves and the longest wait is returned. The last key
# says that campaigns, whose rate is the second, go at half of it.
_TAKE = """
local now = redis.call('TIME')
now = tonumber(now[1]) + tonumber(now[2]) / 1000000
local wait, gaps = 0, {}
for i = 1, #KEYS - 1 do
  gaps[i] = tonumber(ARGV[2 * i - 1])
  local due = tonumber(redis.call('GET', KEYS[i]) or '0')
  wait = math.max(wait, due - tonumber(ARGV[2 * i]) - now)
end
if wait > 0 then return tostring(wait) end
if gaps[2] and redis.call('EXISTS', KEYS[#KEYS]) == 1 then gaps[2] = 2 * gaps[2] end
for i, gap in ipairs(gaps) do
  local due = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now)
  redis.call('SET', KEYS[i], tostring(due + gap), 'PX', math.ceil((due + gap - now) * 1000) + 1000)
end
return '0'
"""


def turn(channel: str, person: str, rate: Mapping[str, Any], *, bulk: bool) -> Step:
    """Return the step that takes a message's turn, or says in how many seconds to ask again.

    ``rate`` is the channel's block in ``credentials.yml``.
    """
    limits = [(keys.rate(channel), 1 / float(rate.get("reply_per_second", 20)), BURST_SECONDS)]
    if bulk:
        each = float(rate.get("bulk_person_seconds", 6))
        limits.append((keys.rate(channel, "bulk"), 1 / float(rate.get("bulk_per_second", 1)), 0.0))
        limits.append((keys.rate(channel, person), each, 0.0))
    names = [*(key for key, _, _ in limits), keys.slow(channel)]
    return Step(_TAKE, names, [part for _, gap, burst in limits for part in (gap, burst)])


async def wait_for(redis: Redis[bytes], turn: Step, seconds: float = 0.0) -> None:
    """Return when the message may be sent, of which the step has said ``seconds`` already."""
    while seconds > 0:
        await asyncio.sleep(seconds)
        [seconds] = map(float, await take(redis, turn))
