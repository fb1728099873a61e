"""What is to be sent, or looked up, at a later time; kept in Redis, so it outlives the process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import asdict
from typing import Literal

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.runtime import keys
from bot.runtime.outbox import Reply

Why = Literal["again", "check"]  # send this part once more; find out whether it was taken

EVERY_SECONDS = 1.0
AT_ONCE = 50

# Taken off and put into its stream in one step: a crash in between would lose a reply.
_DUE = """
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, item in ipairs(due) do
  local stored = cjson.decode(item)
  redis.call('XADD', stored.stream, '*', 'person', stored.person or '', 'reply', stored.reply,
             'part', stored.part, 'tries', stored.tries, 'why', stored.why, 'born', stored.born)
  redis.call('ZREM', KEYS[1], item)
end
return #due
"""


class Later:
    """The waiting room of the outbox."""

    def __init__(self, redis: Redis[bytes]) -> None:
        self._redis = redis

    async def put(
        self,
        reply: Reply,
        seconds: float,
        *,
        part: int = -1,
        tries: int = 0,
        why: Why = "again",
        born: float | None = None,
    ) -> None:
        """Hand the reply (or only one part of it) to the sender after ``seconds``.

        ``born`` is when it was written (seconds since 1970; now if not given).
        """
        stream = keys.bulk if reply.message.purpose == "campaign" else keys.outbox
        item = {
            "stream": stream(keys.partition_of(reply.user_ref)),
            "person": reply.user_ref,
            "reply": json.dumps(asdict(reply), ensure_ascii=False),
            "part": str(part),
            "tries": str(tries),
            "why": why,
            "born": f"{time.time() if born is None else born:.3f}",
        }
        await self._redis.zadd(keys.LATER, {json.dumps(item): time.time() + seconds})

    async def move_due(self) -> int:
        """Put what is due into the outbox; return how many."""
        return int(await self._redis.eval(_DUE, 1, keys.LATER, time.time(), AT_ONCE))

    async def run(self, stop: asyncio.Event) -> None:
        """Keep moving what is due until ``stop`` is set."""
        while not stop.is_set():
            with contextlib.suppress(RedisError):  # tried again a second later
                if await self.move_due() == AT_ONCE:
                    continue
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
