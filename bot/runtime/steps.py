"""Steps: what the store does whole or not at all, several of them in one trip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis


class Step(NamedTuple):
    """A script with its keys and arguments."""

    script: str
    keys: Sequence[str]
    arguments: Sequence[str | bytes | int | float]


async def take(redis: Redis[bytes], *steps: Step) -> list[Any]:
    """Take the steps in order and return what each of them returns."""
    async with redis.pipeline(transaction=False) as pipe:
        for script, names, arguments in steps:
            pipe.eval(script, len(names), *names, *arguments)
        return list(await pipe.execute())
