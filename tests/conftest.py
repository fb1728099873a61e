"""What many tests share: a real Redis of their own, and a model of the data as it stands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.processes import models
from bot.runtime import embedded_redis


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded server that `faro run` starts, in a folder of its own."""
    folder = tmp_path_factory.mktemp("redis")
    server = embedded_redis.start(folder)
    yield embedded_redis.url(folder)
    server.terminate()
    server.wait()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis[bytes]]:
    client = Redis.from_url(redis_url)
    await client.flushall()
    yield client
    await client.close()


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model; `make test` has trained it, and a bare pytest does so here."""
    return models.current_model() or models.train()
