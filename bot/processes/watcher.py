"""The watcher process: looks at the sources of all facts every so many hours."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal

from bot import settings
from bot.cli.facts import facts_named, one_round
from bot.runtime.logs import configure_logs
from bot.watch.watcher import counts

logger = logging.getLogger(__name__)


async def run() -> None:
    """Watch until told to stop; ``FARO_WATCH_HOURS`` between two rounds."""
    pause = float(settings.get("FARO_WATCH_HOURS") or 24) * 3600
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    while not stopped.is_set():
        looking = asyncio.create_task(one_round(facts_named(None, None)))
        stopping = asyncio.create_task(stopped.wait())
        await asyncio.wait({looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not looking.done():
            looking.cancel()
            return
        results = counts(await looking).items()
        logger.info("watch.round %s", " ".join(f"{name}={count}" for name, count in results))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stopped.wait(), pause)


def main() -> None:
    configure_logs()
    asyncio.run(run())
