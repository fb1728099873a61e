"""The web process: webhooks, health, and the simulator. It knows nothing of Rasa."""

from __future__ import annotations

import gc
import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from bot import settings
from bot.messages import InboundMessage
from bot.runtime import connect, keys, metrics
from bot.runtime.logs import configure_logs
from bot.runtime.streams import LEASE_MS
from channels import helpdesk
from channels.chatwoot import Chatwoot
from channels.registry import load_channels


async def _unused(_: Any) -> None:
    """Rasa's message handler, for which our channels have no use: they store and acknowledge."""


def app() -> Sanic:
    """Return the web application, its channels attached to one desk."""
    web = Sanic("faro", configure_logging=False)
    web.config.REQUEST_MAX_SIZE = 1024 * 1024
    web.config.FALLBACK_ERROR_FORMAT = "json"
    web.ctx.redis = connect.redis()
    desk = connect.desk()
    desk.reflexes(InboundMessage("web", "", "", text="hola"))  # compiles the crisis rules now
    for channel in load_channels():
        channel.attach(desk)
        web.blueprint(channel.blueprint(_unused), url_prefix=f"/webhooks/{channel.url_prefix()}")
    chatwoot = Chatwoot.from_settings()
    if not chatwoot.off:
        web.blueprint(helpdesk.blueprint(chatwoot, web.ctx.redis))
    if settings.get("FARO_ENV") != "production":
        from channels.simulator import blueprint

        web.blueprint(blueprint())

    @web.get("/health/live")
    async def live(_: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @web.get("/health/ready")
    async def ready(_: Request) -> HTTPResponse:
        parts = await readiness(web.ctx.redis)
        return json(parts, status=200 if all(parts.values()) else 503)

    return web


async def readiness(redis: Redis[bytes]) -> dict[str, bool]:
    """Return which of the parts that an answer needs are there."""
    parts = {"store": False, "release": False, "worker": False, "sender": False}
    since = time.time() - LEASE_MS / 1000
    try:
        parts["store"] = bool(await redis.ping())
        parts["release"] = await redis.get(keys.LIVE_RELEASE) is not None
        parts["worker"] = await redis.zcount("readers:in", since, "+inf") > 0
        parts["sender"] = await redis.zcount("readers:out", since, "+inf") > 0
    except RedisError:
        pass
    return parts


def main() -> None:
    configure_logs()
    metrics.serve(summing=True)
    web = app()
    # What is here now stays: looking through all of it for garbage would hold up every webhook.
    gc.collect()
    gc.freeze()
    web.run(
        host=settings.get("FARO_HOST"),
        port=int(settings.get("FARO_PORT")),
        access_log=False,
        motd=False,
        debug=False,
    )
