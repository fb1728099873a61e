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

SAME_TEXT, SAME_TEXT_SECONDS = 5, 600  # two machines answer each other with equal texts
LONG_ENOUGH = 4  # characters
QUICK = 3  # times as many taps and numbers: a quiz is answered in no time
NOTICE_SECONDS = 600

FLOODED = "flooded"  # the first message too many: it gets the notice
MUTED = "muted"  # the others: they get nothing

# Returns 2 for a message too many, 1 for the first such one, 0 otherwise. The notice is said
# once, and never to what repeats itself: that may be a machine that would answer it.
_COUNT = """
local over = {}
for i = 1, 3 do
  local count = redis.call('INCR', KEYS[i])
  if count == 1 then redis.call('EXPIRE', KEYS[i], ARGV[2 * i]) end
  over[i] = count > tonumber(ARGV[2 * i - 1])
end
if over[3] then return 2 end
if not (over[1] or over[2]) then return 0 end
if redis.call('SET', KEYS[4], '1', 'NX', 'EX', ARGV[7]) then return 1 end
return 2
"""


async def count(redis: Redis[bytes], message: InboundMessage) -> str:
    """Count a new message and return ``FLOODED``, ``MUTED`` or ""."""
    person = message.user_ref
    # Taps and numbers answer a menu, which people do fast. Short texts they do repeat.
    quick = message.kind == "choice" or (message.text.isdecimal() and len(message.text) <= 2)
    said = message.provider_id if len(message.text) < LONG_ENOUGH else message.text
    per_minute = int(settings.get("FARO_PER_MINUTE")) * (QUICK if quick else 1)
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    verdict = await redis.eval(
        _COUNT,
        4,
        keys.flood(person, "taps" if quick else "minute"),
        keys.flood(person, "hour"),
        keys.flood(person, digest),
        keys.flood(person, "noticed"),
        per_minute,
        60,
        int(settings.get("FARO_PER_HOUR")),
        3600,
        SAME_TEXT,
        SAME_TEXT_SECONDS,
        NOTICE_SECONDS,
    )
    return ("", FLOODED, MUTED)[int(verdict)]
