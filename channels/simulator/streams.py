"""Server-sent events: one long answer in which a page hears what happens on its phones.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from sanic.request import Request

from channels.simulator.exchange import Exchange, Phone

# Sanic ends an answer in which nothing moved for a minute, and a proxy may sooner.
HEARTBEAT = 15.0
COME_BACK = 1000  # ms after which a page whose stream ended begins a new one


async def stream(
    request: Request, exchange: Exchange, phones: list[Phone], hello: Mapping[str, Any]
) -> None:
    """Answer ``request`` with ``hello`` and then every event on ``phones``, until it goes away."""
    queue = exchange.look(phones)
    try:
        answer = await request.respond(
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        await answer.send(f"retry: {COME_BACK}\n{as_event(hello)}")
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except asyncio.TimeoutError:
                await answer.send(": still here\n\n")
                continue
            if event is None:
                await answer.eof()
                return
            await answer.send(as_event(event))
    finally:
        exchange.look_away(phones, queue)


def as_event(event: Mapping[str, Any]) -> str:
    """Return one event as the stream carries it.

    >>> as_event({"type": "typing"})
    'data: {"type": "typing"}\\n\\n'
    """
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
