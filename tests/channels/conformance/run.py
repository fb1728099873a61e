"""Runs cases one by one, each in an empty store."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.runtime.logs import configure_logs
from tests.channels.conformance.expect import differences
from tests.channels.conformance.world import World

CASES = Path(__file__).parent.parent / "conformance.json"
CAMPAIGNS = "CAMP-"  # the campaign planner is no part of the channels


def load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


async def run_all(document: dict[str, Any], socket: str) -> dict[str, list[str]]:
    """Return what differs, by the id of every case that fails."""
    failed = {}
    redis = Redis(unix_socket_path=socket)
    for case in document["cases"]:
        lines = await run_case(case, document["meta"]["fixtures"], redis)
        if lines:
            failed[case["id"]] = lines
    await redis.close()
    return failed


async def run_case(
    case: dict[str, Any], fixtures: dict[str, Any], redis: Redis[bytes]
) -> list[str]:
    """Return what differs from what the case expects; nothing if all is well."""
    if case["id"].startswith(CAMPAIGNS):
        return ["campaigns are not built"]
    await redis.flushall()
    down = bool((case["given"].get("state") or {}).get("store_down"))
    store = Redis(unix_socket_path="/nowhere/redis.socket") if down else redis
    logs = io.StringIO()
    listener = logging.StreamHandler(logs)
    logging.getLogger().addHandler(listener)
    configure_logs()
    try:
        world = World(case, fixtures, store, store_down=down)
        if not down:
            await world.set_up()
        await world.happen()
        world.redis = redis
        return await differences(world, logs.getvalue())
    except Exception as error:
        logging.getLogger(__name__).debug("case %s", case["id"], exc_info=True)
        return [f"{type(error).__name__}: {error}"]
    finally:
        logging.getLogger().removeHandler(listener)
