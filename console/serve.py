"""Serves the console, and does beside it what is done by the clock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import uvicorn
from django.db import close_old_connections
from redis.exceptions import RedisError

from console import config

logger = logging.getLogger(__name__)


def serve(port: int) -> int:
    """Answer browsers until stopped. Listens on loopback unless told otherwise."""
    stop = threading.Event()
    for seconds, task in _tasks():
        threading.Thread(target=_repeat, args=(seconds, task, stop), daemon=True).start()
    uvicorn.run(
        "console.asgi:application",
        host=config.get("CONSOLE_HOST"),
        port=port,
        # Guessing is slowed by address: a proxy's own would stand for everybody's.
        forwarded_allow_ips=config.get("CONSOLE_PROXIES"),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",  # we have no websockets, and Rasa pins a library of them that is too old
    )
    stop.set()
    return 0


def _tasks() -> list[tuple[float, Callable[[], object]]]:
    from console.insight.ingest import ingest
    from console.insight.unanswered import expire
    from console.releases.schedule import tick

    return [(2, ingest), (15, tick), (600, expire)]


def _repeat(seconds: float, task: Callable[[], object], stop: threading.Event) -> None:
    """Do ``task`` again and again; whatever fails is tried again at the next beat."""
    quiet_until = 0.0
    while not stop.wait(seconds):
        close_old_connections()
        try:
            task()
        except RedisError as error:
            if time.monotonic() > quiet_until:
                logger.warning("clock.no_store task=%s %s", task.__name__, type(error).__name__)
                quiet_until = time.monotonic() + 300
        except Exception:
            logger.exception("clock.failed task=%s", task.__name__)
