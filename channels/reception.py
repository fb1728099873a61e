"""What becomes of a request once it is understood: stored, answered at once, counted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from redis.exceptions import RedisError

from bot.messages import OutboundMessage
from bot.runtime import keys
from bot.runtime.desk import Receipt, Received
from bot.runtime.events import Event
from channels import receipts
from channels.errors import RequestError, SendError
from channels.webhook import Call

if TYPE_CHECKING:
    from channels.base import Channel, Parsed

logger = logging.getLogger(__name__)

STORE_SECONDS = 5.0  # providers give up on us after 15; what hangs counts as away
REMEMBERED = 10_000  # crisis messages answered directly while the store was away
TYPING_FOR = 25.0  # seconds; no answer takes longer
REFUSALS_NOTED_EVERY = 60.0  # seconds: whoever floods us must not fill the event log


class Reception:
    """Takes what one channel has understood. Part of that channel, in a file of its own."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._answered: dict[str, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Task[None]] = set()
        self._refused, self._refusals_noted = 0, 0.0

    async def take(self, parsed: Sequence[Parsed]) -> bool:
        """Store all of it and return True; False if it could not be stored."""
        try:
            await asyncio.wait_for(self._store(parsed), STORE_SECONDS)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            logger.warning(
                "channel.store_away channel=%s error=%s", self._channel.name(), type(error).__name__
            )
            await self._answer_crisis(parsed)
            return False
        return True

    async def refuse(self, error: RequestError) -> None:
        """Log a refused request; tell staff about forged ones, at most once a minute."""
        name = self._channel.name()
        logger.info("channel.refused channel=%s reason=%s", name, error)
        if error.status != 403:
            return
        self._refused += 1
        recent = time.monotonic() - self._refusals_noted < REFUSALS_NOTED_EVERY
        if not self._channel.attached or (recent and self._refusals_noted):
            return
        details = {"channel": name, "count": self._refused}
        self._refused, self._refusals_noted = 0, time.monotonic()
        with contextlib.suppress(RedisError, OSError):
            await self._channel.desk.note([Event("security.bad_signature", details)])

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the requests."""
        _keep(self._tasks, work)

    async def close(self) -> None:
        """Finish what was begun; what only waits is dropped."""
        for waiting in self._waiting:
            waiting.cancel()
        await asyncio.gather(*self._tasks, *self._waiting, return_exceptions=True)

    async def _store(self, parsed: Sequence[Parsed]) -> None:
        desk, new = self._channel.desk, True
        for item in parsed:
            if isinstance(item, Received):
                # A double tap is no second message, yet its button waits for an answer too.
                new = not await self._channel.fresh(item) or await self._receive(_coarse(item))
            elif isinstance(item, Receipt):
                await receipts.take(desk, item, self._channel.failure)
            elif isinstance(item, Event):
                await desk.note([item])
            elif new:
                self.beside(self._at_once(item))

    async def _receive(self, received: Received) -> bool:
        new = await self._channel.desk.take(received)
        if new and received.for_assistant and self._channel.typing_after is not None:
            _keep(self._waiting, self._typing_if_slow(received))
        return new

    async def _at_once(self, call: Call) -> None:
        try:
            await self._channel.deliver(call)
        except SendError as error:  # the person's message is safe; this was a courtesy
            logger.info("channel.courtesy_failed channel=%s reason=%s", self._channel.name(), error)

    async def _typing_if_slow(self, received: Received) -> None:
        """Show that we are at it, when an answer takes long; until it is on its way."""
        channel, message = self._channel, received.message
        answered = keys.answered(message.channel, message.provider_id)
        pause = channel.typing_after or 0.0
        until = time.monotonic() + TYPING_FOR
        with contextlib.suppress(RedisError):
            while time.monotonic() < until:
                await asyncio.sleep(pause)
                if await channel.desk.redis.exists(answered):
                    return
                await channel.typing(received.address, message.provider_id)
                if channel.typing_every is None:
                    return
                pause = channel.typing_every

    async def _answer_crisis(self, parsed: Sequence[Parsed]) -> None:
        """Send the answer to a crisis although nothing could be stored.

        The provider will repeat the message until it is stored; a person in danger does not
        wait for that. Once per message, as far as this process remembers.
        """
        for item in parsed:
            if not isinstance(item, Received) or item.consent or not item.for_assistant:
                continue
            reflex = self._channel.desk.reflexes(item.message)
            reflex = reflex.otherwise or reflex
            if not reflex.urgent or item.message.provider_id in self._answered:
                continue
            self._answered[item.message.provider_id] = None
            if len(self._answered) > REMEMBERED:
                self._answered.pop(next(iter(self._answered)))
            for reply in reflex.replies:
                await self._say_directly(item.address, reply)

    async def _say_directly(self, address: str, reply: OutboundMessage) -> None:
        try:
            for call in self._channel.encode(address, reply):
                await self._channel.deliver(call)
        except SendError as error:
            logger.error(
                "channel.crisis_unanswered channel=%s reason=%s", self._channel.name(), error
            )


def _keep(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Run something beside the request, and hold on to it: asyncio alone would not."""
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def _coarse(received: Received) -> Received:
    """Round a location to about a kilometre before it is stored anywhere."""
    message = received.message
    if message.location is None:
        return received
    place = message.location
    rounded = replace(place, lat=round(place.lat, 2), lon=round(place.lon, 2))
    return replace(received, message=replace(message, location=rounded))
