"""Senders that are killed at any moment lose nothing, say nothing twice, and keep the order."""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import asdict

from aiohttp import web

from bot.messages import OutboundMessage
from bot.runtime import keys
from bot.runtime.vault import Vault
from tests.channels.harness import VAULT_KEY, reply

PEOPLE, REPLIES, KILLS = 12, 15, 4


class Twilio:
    """Takes messages over HTTP, slowly, and can list them."""

    def __init__(self):
        self.taken = []

    async def create(self, request):
        form = await request.post()
        await asyncio.sleep(0.01)
        made = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
        message = {
            "sid": f"SM{len(self.taken):032x}", "to": form["To"], "body": form["Body"],
            "date_created": made, "direction": "outbound-api", "status": "queued",
        }  # fmt: skip
        self.taken.append(message)
        await asyncio.sleep(0.01)  # taken, but the caller does not know yet
        return web.json_response(message, status=201)

    async def list(self, request):
        to = request.query["To"]
        found = [m for m in reversed(self.taken) if m["to"] == to]
        return web.json_response({"messages": found[: int(request.query["PageSize"])]})


async def serve(twilio):
    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/{sid}/Messages.json", twilio.create)
    app.router.add_get("/2010-04-01/Accounts/{sid}/Messages.json", twilio.list)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"


async def queue_replies(redis):
    for number in range(REPLIES):
        for person in map(str, range(PEOPLE)):
            if number == 0:
                sealed = Vault(VAULT_KEY).seal(person, f"+1202555{int(person):04}")
                await redis.set(keys.address(person), sealed)
            made = reply("sms", OutboundMessage(f"{person} {number}"), f"{person}:{number}", person)
            stream = keys.outbox(keys.partition_of(person))
            await redis.xadd(stream, {"reply": json.dumps(asdict(made))})


async def left(redis):
    return sum([await redis.xlen(keys.outbox(p)) for p in range(keys.PARTITIONS)])


async def test_killed_senders_lose_nothing_and_double_nothing(redis, redis_socket):
    twilio = Twilio()
    runner, url = await serve(twilio)
    await queue_replies(redis)
    command = [sys.executable, "-m", "tests.channels.killed_sender", redis_socket, url]
    senders = [await asyncio.create_subprocess_exec(*command) for _ in range(2)]
    try:
        for _ in range(KILLS):
            until = len(twilio.taken) + random.randint(5, 20)
            while len(twilio.taken) < until and await left(redis):
                await asyncio.sleep(0.01)
            victim = random.randrange(2)
            senders[victim].kill()
            await senders[victim].wait()
            senders[victim] = await asyncio.create_subprocess_exec(*command)
        deadline = time.monotonic() + 60
        while await left(redis) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
    finally:
        for sender in senders:
            sender.kill()
            await sender.wait()
        await runner.cleanup()
    bodies = [message["body"] for message in twilio.taken]
    assert [body for body, times in Counter(bodies).items() if times > 1] == []
    assert len(bodies) == PEOPLE * REPLIES
    for person in map(str, range(PEOPLE)):
        numbers = [int(body.split()[1]) for body in bodies if body.split()[0] == person]
        assert numbers == sorted(numbers)
