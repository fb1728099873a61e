"""Who writes faster than anybody reads: a prank, a broken phone, another machine that answers.

Such messages are stored and acknowledged but not answered, after one notice. A crisis is always
answered: the desk looks for it first.
"""

from __future__ import annotations

import hashlib

from redis.asyncio import Redis

from bot import settings
from bot.messages import InboundMessage
from bot.runtime import keys
from bot.runtime.steps import Step, take

SAME_TEXT, SAME_TEXT_SECONDS = 5, 600  # two machines answer each other with equal texts
LONG_ENOUGH = 4  # characters
QUICK = 3  # times as many taps and numbers: a quiz is answered in no time
NOTICE_SECONDS = 600

FLOODED = "flooded"  # the first message too many: it gets the notice
MUTED = "muted"  # the others: they get nothing

# Returns whose message it is, following an alias, and 2 for a message too many, 1 for the first
# such one, 0 otherwise. The notice is said once, and never to what repeats itself: that may be a
# machine that would answer it. What the provider repeats is not counted. The names of the counters
# come with "%s" in the place of the person.
_COUNT = """
local alias, seen = KEYS[1], KEYS[2]
local person = redis.call('GET', alias) or ARGV[1]
if redis.call('EXISTS', seen) == 1 then return {person, 0} end
local over = {}
for i = 1, 3 do
  local name, most, seconds = string.format(KEYS[2 + i], person), ARGV[2 * i], ARGV[2 * i + 1]
  local count = redis.call('INCR', name)
  if count == 1 then redis.call('EXPIRE', name, seconds) end
  over[i] = count > tonumber(most)
end
if over[3] then return {person, 2} end
if not (over[1] or over[2]) then return {person, 0} end
if redis.call('SET', string.format(KEYS[6], person), '1', 'NX', 'EX', ARGV[8]) then
  return {person, 1}
end
return {person, 2}
"""


async def count(redis: Redis[bytes], message: InboundMessage) -> tuple[str, str]:
    """Count a message; return who it is from, and ``FLOODED``, ``MUTED`` or ""."""
    person = message.user_ref
    # Taps and numbers answer a menu, which people do fast. Short texts they do repeat.
    quick = message.kind == "choice" or (message.text.isdecimal() and len(message.text) <= 2)
    said = message.provider_id if len(message.text) < LONG_ENOUGH else message.text
    per_minute = int(settings.get("FARO_PER_MINUTE")) * (QUICK if quick else 1)
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    names = (
        keys.alias(person),
        keys.seen(message.channel, message.provider_id),
        *(keys.flood("%s", what) for what in ("taps" if quick else "minute", "hour", digest)),
        keys.flood("%s", "noticed"),
    )
    limits = (
        *(per_minute, 60),
        *(int(settings.get("FARO_PER_HOUR")), 3600),
        *(SAME_TEXT, SAME_TEXT_SECONDS),
    )
    [(known, verdict)] = await take(redis, Step(_COUNT, names, (person, *limits, NOTICE_SECONDS)))
    return known.decode(), ("", FLOODED, MUTED)[int(verdict)]
