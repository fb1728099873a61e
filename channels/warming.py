"""Warming channels up: what a message needs at the provider is made there if it is missing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable

from channels.base import Channel
from channels.errors import SendError

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds between two attempts


async def warm_up(channels: Iterable[Channel], stop: asyncio.Event) -> None:
    """Try until every channel is warm; a cold one says things in plainer ways meanwhile."""
    cold = [channel for channel in channels if not channel.off]
    pause = FIRST_PAUSE
    while cold and not stop.is_set():
        cold = [channel for channel in cold if not await _is_warm(channel)]
        if cold:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def _is_warm(channel: Channel) -> bool:
    try:
        await channel.warm_up()
    except SendError as error:
        logger.warning("channel.cold channel=%s reason=%s", channel.name(), error)
        return False
    return True
