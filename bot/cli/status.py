"""``faro status``: how a running Faro stands, in the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict

from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.runtime import embedded_redis, store
from bot.runtime.watch import Status, Watch


def main(as_json: bool) -> int:
    """Print how things stand; return 0 if people are answered."""
    url = settings.get("REDIS_URL") or embedded_redis.url(settings.var_folder() / "redis")
    try:
        seen = Watch(store.client(url)).look()
    except (RedisError, OSError) as error:
        raise settings.SettingError(
            f"Faro is not running here: its store is away ({error})."
        ) from error
    if as_json:
        print(json.dumps({**asdict(seen), "ready": seen.ready}))  # noqa: T201
    else:
        Console(highlight=False).print(_table(seen))
    return 0 if seen.ready else 1


def _table(seen: Status) -> Table:
    table = Table(show_header=False, box=None)
    table.add_row("answers", "[green]yes[/]" if seen.ready else "[red]no[/]")
    table.add_row("release", str(seen.release or "none"))
    using = ", ".join(sorted(set(seen.models.values()))) or seen.model or "unknown"
    table.add_row("model", using)
    table.add_row("workers", str(seen.workers))
    table.add_row("senders", str(seen.senders))
    for queue in seen.queues:
        oldest = f", the oldest for {queue.age:.0f} s" if queue.length else ""
        table.add_row(queue.name, f"{queue.length} wait{oldest}")
    table.add_row("later", str(seen.later))
    table.add_row("dead letters", str(seen.dead))
    table.add_row("store", f"{seen.store_bytes / 2**20:.0f} MB")
    return table
