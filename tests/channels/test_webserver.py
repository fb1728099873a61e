"""The webhooks on a real server: raw paths, bodies, methods, sizes."""

import asyncio
import socket
from contextlib import asynccontextmanager

import httpx
from sanic import Sanic

from tests.channels import test_telegram, test_twilio_inbound
from tests.channels.harness import desk_on, every_channel, messages_in, signed


@asynccontextmanager
async def served(redis):
    app = Sanic("channels", configure_logging=False)
    channels = every_channel()
    for channel in channels.values():
        channel.attach(desk_on(redis))
        app.blueprint(channel.blueprint(None), url_prefix=f"/webhooks/{channel.url_prefix()}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True)
    await server.startup()
    await server.before_start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        try:
            yield client
        finally:
            server.close()
            await asyncio.gather(*(channel.close() for channel in channels.values()))
            Sanic._app_registry.clear()


def post(client, hook):
    return client.post(hook.url, content=hook.body, headers=dict(hook.headers))


async def test_webhooks_over_http(redis):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with served(redis) as client:
        taken = await post(client, test_twilio_inbound.text("uno", "SM1"))
        assert (taken.status_code, taken.text) == (200, "<Response/>")
        assert taken.headers["content-type"].startswith("text/xml")
        assert (await post(client, test_telegram.message(text="dos"))).status_code == 200
        # Signed over the path as it was written, which a server must not tidy up.
        odd = signed(
            "/webhooks/sms/inbound?a=%20b&c=%2F", From="+12025550143", MessageSid="SM9", Body="tres"
        )
        assert (await post(client, odd)).status_code == 200
        assert (await client.get("/webhooks/telegram/hook")).status_code == 405
        assert (await client.get("/webhooks/telegram/set_webhook")).status_code == 404
        large = await client.post("/webhooks/sms/inbound", content=b"x" * 200_000, headers=form)
        assert large.status_code == 413
        forged = await client.post("/webhooks/sms/inbound", content=b"From=x", headers=form)
        assert forged.status_code == 403
    assert {m.text for m in await messages_in(redis)} == {"uno", "dos", "tres"}
