"""A sender process for ``test_killed.py``, to be killed: ``killed_sender.py SOCKET TWILIO_URL``."""

from __future__ import annotations

import asyncio
import sys

from redis.asyncio import Redis

from bot.runtime import keys
from bot.runtime.streams import PartitionReader, owner_name
from channels.transport import Transport
from channels.twilio import SmsChannel
from tests.channels.harness import PSEUDONYM_KEY, SMS_SENDER, account, sender_on


async def main(socket: str, url: str) -> None:
    redis = Redis(unix_socket_path=socket)
    rate = {"rate": {"reply_per_second": 1000}}
    channel = SmsChannel(
        account(transport=Transport(), api_url=url), SMS_SENDER, rate, PSEUDONYM_KEY
    )
    sender = sender_on(redis, sms=channel)
    await PartitionReader(redis, keys.outbox, sender.handle, owner_name()).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
