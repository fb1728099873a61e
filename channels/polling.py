"""Fetching Telegram's updates ourselves, for development: no public address is needed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Coroutine
from typing import Any

from telegram.error import RetryAfter, TelegramError

from channels.base import Call, Channel, Webhook
from channels.telegram.channel import HEADER, TelegramChannel

logger = logging.getLogger(__name__)

WAIT = 25  # seconds for which Telegram holds the request open
PAUSE = 3.0  # seconds after an error


def wants_polling(channel: Channel) -> bool:
    """Return whether this channel has to be polled: it has a bot token but no webhook secret."""
    return isinstance(channel, TelegramChannel) and channel.polls


async def poll(channel: Channel, stop: asyncio.Event) -> None:
    """Feed updates to the channel's ``receive`` until ``stop`` is set.

    An update is asked for again until it was stored, as a webhook would be repeated.
    """
    assert isinstance(channel, TelegramChannel)  # noqa: S101 - wants_polling said so
    offset = 0
    while not stop.is_set():
        try:
            await channel.learn_username_quietly()
            offset = await _unless(stop, _fetch(channel, offset)) or offset
        except TelegramError as error:
            logger.warning("telegram.polling_failed error=%s", type(error).__name__)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), _pause(error))


async def _fetch(channel: TelegramChannel, offset: int) -> int:
    """Take one batch and return the offset behind what was stored of it."""
    asked = {"offset": offset, "timeout": WAIT, "allowed_updates": channel.updates}
    for update in await channel.api.make(Call("getUpdates", asked)):
        body = json.dumps(update.to_dict()).encode()
        hook = Webhook("/polled", headers={HEADER: channel.secret}, body=body)
        if (await channel.receive(hook)).status == 503:
            await asyncio.sleep(PAUSE)
            return offset
        offset = update.update_id + 1
    return offset


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, int]) -> int | None:
    """Return what ``work`` returns, or None once ``stop`` is set; nobody waits for Telegram."""
    tasks = [asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return int(await tasks[0]) if tasks[0].done() else None
    finally:
        for task in tasks:
            task.cancel()


def _pause(error: TelegramError) -> float:
    if not isinstance(error, RetryAfter):
        return PAUSE
    wait = error.retry_after
    return float(wait if isinstance(wait, (int, float)) else wait.total_seconds())
