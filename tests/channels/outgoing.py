"""One reply through a sender, and what is written down of it."""

import json

from bot.messages import OutboundMessage
from bot.runtime import keys
from channels.deliveries import reference_of
from tests.channels.harness import PHONE, give_address, reply, send, sender_on, sms

HOLA = OutboundMessage("Hola")
DOWN = {"status": 503, "json": {}}
SILENT = {"error": "read_timeout"}


async def status_of(redis, sent, part=0):
    return (await redis.hget(keys.delivery(reference_of(sent, part)), "status")).decode()


async def waiting(redis):
    return [json.loads(item) for item in await redis.zrange(keys.LATER, 0, -1)]


async def sent(redis, provider, message=HOLA, channel=sms, address=PHONE, **fields):
    """Send one reply and return it."""
    made = channel(provider)
    await give_address(redis, address)
    entry = reply(made.name(), message)
    await send(redis, sender_on(redis, **{made.name(): made}), entry, **fields)
    return entry
