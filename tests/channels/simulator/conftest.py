"""A real Sanic server on loopback: the simulator, and webhooks that note what reaches them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import uuid
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
import pytest
from sanic import Sanic, response
from twilio.request_validator import RequestValidator

from channels.simulator.config import Config
from channels.simulator.people import person
from channels.simulator.site import blueprint

SID, TOKEN = "AC" + "1" * 32, "0123456789abcdef0123456789abcdef"
BOT_TOKEN, SECRET = "7000000001:abcdefghijklmnopqrstuvwxyz012345678", "a-secret"
WHATSAPP, SMS = "+12025550101", "+12025550151"
WHO = person("0123456789abcdef")


@dataclass
class Hook:
    """One request that reached a webhook of ours."""

    path: str
    headers: dict
    body: bytes
    url: str

    @property
    def form(self):
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def signed(self):
        signature = self.headers["x-twilio-signature"]
        return RequestValidator(TOKEN).validate(self.url, self.form, signature)


@dataclass
class Running:
    """The server, and what its webhooks heard; ``answers`` are the next statuses they give."""

    base: str
    http: httpx.AsyncClient
    hooks: list[Hook] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def send(self, channel, **what):
        """Send something from a phone."""
        return await self.http.post(f"/simulator/phones/{channel}/{WHO.id}/send", json=what)

    @contextlib.asynccontextmanager
    async def events(self, who=WHO):
        """Look at the phones: yields a function that returns the next event, or one that fits."""
        async with self.http.stream("GET", f"/simulator/phones/{who.id}/events") as stream:
            lines = stream.aiter_lines()

            async def following(fits=lambda event: True):
                async for line in lines:
                    if line.startswith("data: ") and fits(event := json.loads(line[6:])):
                        return event
                raise AssertionError("the stream ended")

            yield lambda *fits: asyncio.wait_for(following(*fits), 5)

    async def heard(self, count):
        """Wait until ``count`` requests have reached the webhooks."""
        for _ in range(300):
            if len(self.hooks) >= count:
                return self.hooks
            await asyncio.sleep(0.02)
        raise AssertionError(f"only {len(self.hooks)} of {count} requests came")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def config(base="http://127.0.0.1:1", **changed):
    usual = {
        "account_sid": SID,
        "auth_token": TOKEN,
        "sms_from": SMS,
        "whatsapp_from": WHATSAPP,
        "telegram_token": BOT_TOKEN,
        "telegram_secret": SECRET,
    }
    return Config(**{"local_url": base, "public_url": base, **usual, **changed})


@contextlib.asynccontextmanager
async def running(redis=None, **changed):
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    Sanic.test_mode = True  # else 21.12 rewrites its methods once, and a second app fails
    app = Sanic(f"test-{uuid.uuid4().hex}", register=False)
    app.blueprint(blueprint(config(base, **changed), redis))
    async with httpx.AsyncClient(base_url=base, timeout=10) as http:
        found = Running(base, http)

        @app.post("/webhooks/<path:path>")
        async def webhook(request, path):
            headers = {name.lower(): value for name, value in request.headers.items()}
            public = changed.get("public_url", base) + request.raw_url.decode()
            found.hooks.append(Hook(request.path, headers, request.body, public))
            return response.empty(found.answers.pop(0) if found.answers else 200)

        server = await app.create_server("127.0.0.1", port, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.after_start()
        try:
            yield found
        finally:
            await server.before_stop()
            await server.close()


@pytest.fixture
async def faro():
    async with running() as found:
        yield found
