"""Telegram without a webhook: we ask, and take nothing off the queue that is not stored."""

import asyncio
import json

from channels.polling import poll, wants_polling
from channels.telegram import TelegramChannel
from channels.telegram.api import Api
from tests.channels import test_telegram
from tests.channels.harness import (
    BASE_URL,
    BOT_NAME,
    BOT_TOKEN,
    COMMANDS,
    PSEUDONYM_KEY,
    Provider,
    desk_on,
    messages_in,
    sms,
    telegram,
)


class Updates(Provider):
    """Holds updates, and forgets those below the offset it is asked for, as Telegram does."""

    def __init__(self, *hooks):
        super().__init__()
        self.held = [json.loads(hook.body) for hook in hooks]
        self.asked = asyncio.Event()

    def _usual(self, method, params):
        if method != "getUpdates":
            return super()._usual(method, params)
        offset = int(params.get("offset", 0))
        self.held = [held for held in self.held if held["update_id"] >= offset]
        if not self.held:
            self.asked.set()
        return {"ok": True, "result": self.held}


def polling(provider):
    return TelegramChannel(
        Api(BOT_TOKEN, transport=provider), token=BOT_TOKEN, secret="", base_url=BASE_URL,
        pseudonym_key=PSEUDONYM_KEY, commands=COMMANDS,
    )  # fmt: skip


async def polled(channel, provider):
    stop = asyncio.Event()
    task = asyncio.create_task(poll(channel, stop))
    await asyncio.wait_for(provider.asked.wait(), 5)
    stop.set()
    await asyncio.wait_for(task, 5)
    await channel.close()


async def test_updates_are_fetched_and_stored(redis):
    provider = Updates(test_telegram.message(text="Bonjou"), test_telegram.tap("m:a1"))
    provider.held[1]["update_id"] = 2
    channel = polling(provider)
    channel.attach(desk_on(redis))
    await polled(channel, provider)
    assert [message.kind for message in await messages_in(redis)] == ["text", "choice"]
    assert channel.username == BOT_NAME


async def test_a_webhook_is_refused_while_we_poll(redis):
    channel = polling(Updates())
    channel.attach(desk_on(redis))
    assert (await channel.receive(test_telegram.message(text="x"))).status == 403
    assert (await channel.receive(test_telegram.update(secret="", message={}))).status == 403
    await channel.close()


def test_only_a_bot_without_secret_is_polled():
    assert wants_polling(polling(Updates()))
    assert not wants_polling(telegram())
    assert not wants_polling(sms())
