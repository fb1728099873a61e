"""The worker process: the assistant, answering what is in the inbox."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from pathlib import Path

import uvloop

from bot import settings
from bot.processes.models import newest_model
from bot.runtime import blas, connect, keys, metrics
from bot.runtime.live_model import LiveModel, fetch
from bot.runtime.logs import configure_logs
from bot.runtime.settle import settle
from bot.runtime.streams import PartitionReader, owner_name

logger = logging.getLogger(__name__)


async def run() -> None:
    """Answer until told to stop; finish the message at hand first."""
    # Imported here because it loads Rasa, which the other processes do without.
    from bot.runtime.assistant import Assistant
    from bot.runtime.worker import Worker

    redis, owner = connect.redis(), owner_name()
    pointer = await redis.get(keys.LIVE_MODEL)
    live, own = await fetch(redis, pointer.decode()) if pointer else None, newest_model()
    model = live or own
    if model is None:
        raise settings.SettingError("There is no trained model yet: run `faro train`.")

    async def ready(path: Path) -> Assistant:
        loaded = Assistant.load(str(path))
        await loaded.warm_up()
        return loaded

    try:
        assistant = await ready(model)
    except Exception:
        if own is None or own == model:
            raise
        # One that staff made with the code before this: people are answered by what came with it.
        logger.exception("model.refused name=%s", model.name)
        model = own
        assistant = await ready(model)
    settle()
    worker = Worker(assistant, redis, owner)
    reader = PartitionReader(redis, keys.inbox, worker.handle, owner)
    stopped = asyncio.Event()

    async def change(new: Path) -> None:
        """Load beside answering, in a thread; the messages at hand keep the old model."""
        loaded = await asyncio.to_thread(Assistant.load, str(new))
        await loaded.warm_up()
        worker.assistant = loaded
        settle()

    def stop() -> None:
        reader.stop()
        stopped.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop)
    await asyncio.gather(reader.run(), LiveModel(redis, owner, change, model).run(stopped))


# How far workers stand back for the processes that acknowledge and send.
NICE = 10


def main() -> None:
    configure_logs()
    os.nice(NICE)
    blas.one_thread()
    metrics.serve()
    uvloop.install()
    asyncio.run(run())
