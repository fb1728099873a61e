"""The sender process: takes replies from the outbox to the providers."""

from __future__ import annotations

import asyncio
import signal

import uvloop

from bot.runtime import connect, keys, metrics
from bot.runtime.logs import configure_logs
from bot.runtime.outbox import Outbox
from bot.runtime.streams import PartitionReader, owner_name
from channels.chatwoot import Chatwoot
from channels.helpdesk import HelpDesk
from channels.polling import poll, wants_polling
from channels.registry import load_channels
from channels.sending import Sender


async def run() -> None:
    """Send until told to stop; poll the channels that no provider calls."""
    redis = connect.redis()
    desk = connect.desk()
    channels = {channel.name(): channel for channel in load_channels()}
    for channel in channels.values():
        channel.attach(desk)
    sender = Sender(channels, redis, desk.vault, Outbox(redis))
    reader = PartitionReader(redis, keys.outbox, sender.handle, owner_name())
    stopped = asyncio.Event()

    def stop() -> None:
        reader.stop()
        stopped.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop)
    polled = [poll(channel, stopped) for channel in channels.values() if wants_polling(channel)]
    helpdesk = HelpDesk(Chatwoot.from_settings(), redis).run(stopped)
    await asyncio.gather(reader.run(), sender.background(stopped), helpdesk, *polled)
    for channel in channels.values():
        await channel.close()


def main() -> None:
    configure_logs()
    metrics.serve()
    uvloop.install()
    asyncio.run(run())
