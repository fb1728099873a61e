"""``faro model``: which models there are, and which one people are answered with."""

from __future__ import annotations

from rich.console import Console

from bot import settings
from bot.processes.models import MODELS, newest_model
from bot.runtime import embedded_redis, keys, store
from bot.runtime.live_model import activate


def main(name: str) -> int:
    """Make ``name`` (or the model trained last, for "newest") the live one; "" lists them."""
    console = Console(highlight=False)
    url = settings.get("REDIS_URL") or embedded_redis.url(settings.var_folder() / "redis")
    redis = store.client(url)
    if not name:
        live = (redis.get(keys.LIVE_MODEL) or b"").decode()
        for path in sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime):
            console.print(f"{path.name}{'   live' if path.name == live else ''}")
        return 0
    model = newest_model() if name == "newest" else MODELS / name
    if model is None or not model.exists():
        raise settings.SettingError(f"There is no model {name} in {MODELS}.")
    activate(redis, model)
    console.print(f"{model.name} is live; workers change to it one after the other.")
    return 0
