"""The model that answers, in every worker, without a restart and without a lost message.

Like a release: a pointer in the store, at which each worker looks every two seconds. Workers load
a new model beside the old one, one worker after the other, and swap between two messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import settings
from bot.runtime import keys

logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0
SWITCH_MS = 180_000  # a worker that takes longer, or died, no longer holds up the others

Load = Callable[[Path], Awaitable[None]]


def activate(store: BlockingRedis[bytes], model: Path) -> None:
    """Make ``model`` the one that every worker answers with, on every machine.

    Its file stays in the store as long as it answers: a worker may begin on any day, on a machine
    that has never had it. The file of the one before stays for a while, to go back to.
    """
    before = (store.get(keys.LIVE_MODEL) or b"").decode()
    with store.pipeline(transaction=True) as pipe:
        pipe.set(keys.model_file(model.name), model.read_bytes())
        pipe.set(keys.LIVE_MODEL, model.name)
        if before and before != model.name:
            pipe.expire(keys.model_file(before), keys.MODEL_FOR)
        pipe.execute()


class LiveModel:
    """Follows the pointer for one worker; ``load`` swaps the model in."""

    def __init__(self, redis: Redis[bytes], owner: str, load: Load, current: Path) -> None:
        self._redis = redis
        self._owner = owner
        self._load = load
        self.name = current.name
        self._refused = ""  # could not be loaded; not tried again

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self._redis.hset(keys.WORKER_MODELS, self._owner, self.name)
                await self.refresh()
            except RedisError:
                pass  # the old model stands
            try:
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)
            except asyncio.TimeoutError:
                continue
        try:
            await self._redis.hdel(keys.WORKER_MODELS, self._owner)
        except RedisError:
            logger.info("model.not_signed_off")

    async def refresh(self) -> bool:
        """Take the model that the pointer names, if it is another; return whether it changed."""
        pointer = await self._redis.get(keys.LIVE_MODEL)
        name = Path(pointer.decode()).name if pointer else self.name
        if name in (self.name, self._refused):
            return False
        mine = self._owner
        if not await self._redis.set(keys.MODEL_SWITCH, mine, nx=True, px=SWITCH_MS):
            return False  # another worker is at it: our turn comes
        try:
            model = await fetch(self._redis, name)
            if model is None:
                logger.error("model.missing name=%s", name)
                return False
            await self._load(model)
        except Exception:  # whatever is wrong with a model, the old one goes on answering
            logger.exception("model.refused name=%s", name)
            self._refused = name
            return False
        finally:
            await self._redis.delete(keys.MODEL_SWITCH)
        self.name = name
        logger.info("model.live name=%s", name)
        return True


async def fetch(redis: Redis[bytes], name: str) -> Path | None:
    """Return the file of a model: from ``models/``, else from the store, else None."""
    path = settings.ROOT / "models" / name
    if path.exists():
        return path
    copy = settings.var_folder() / "models" / name
    if copy.exists():
        return copy
    content = await redis.get(keys.model_file(name))
    if content is None:
        return None
    copy.parent.mkdir(exist_ok=True)
    part = copy.with_suffix(".part")
    part.write_bytes(content)
    part.replace(copy)
    return copy
