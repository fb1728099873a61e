"""The worker process: the assistant, answering what is in the inbox."""

from __future__ import annotations

import asyncio
import os
import signal

import uvloop

from bot import settings
from bot.processes.models import newest_model
from bot.runtime import connect, keys
from bot.runtime.logs import configure_logs
from bot.runtime.streams import PartitionReader, owner_name


async def run() -> None:
    """Answer until told to stop; finish the message at hand first."""
    # Imported here because it loads Rasa, which the other processes do without.
    from bot.runtime.assistant import Assistant
    from bot.runtime.worker import Worker

    model = newest_model()
    if model is None:
        raise settings.SettingError("There is no trained model yet: run `faro train`.")
    assistant = Assistant.load(str(model))
    await assistant.warm_up()
    redis, owner = connect.redis(), owner_name()
    reader = PartitionReader(redis, keys.inbox, Worker(assistant, redis, owner).handle, owner)
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, reader.stop)
    await reader.run()


def main() -> None:
    configure_logs()
    # One thread for each worker's arithmetic: there are as many workers as cores, and on one
    # message several threads cost three times the work of one. Read when numpy is first imported.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    uvloop.install()
    asyncio.run(run())
