"""Our calls against aiogram's models of Telegram's API."""

import httpx
import pytest

from channels.base import Call
from channels.errors import SendError
from channels.telegram import TelegramChannel
from channels.telegram.api import Api
from channels.telegram.commands import Commands
from tests.wire.replies import REPLIES

TOKEN = "700000001:TEST-token-not-real"


def channel(url):
    return TelegramChannel(
        Api(TOKEN, url),
        token=TOKEN,
        secret="secret",
        limits={"quizzes": True},
        base_url="https://bot.example.org",
        pseudonym_key="key",
        commands=Commands.stored(),
    )


@pytest.mark.parametrize("label", REPLIES)
async def test_every_reply_is_as_telegram_says(label, telegram_url):
    telegram = channel(telegram_url)
    for call in telegram.encode("5550001", REPLIES[label]):
        assert await telegram.deliver(call)
    await telegram.close()


async def test_setting_up_is_as_telegram_says(telegram_url):
    telegram = channel(telegram_url)
    await telegram.prepare()
    await telegram.typing("5550001", "1")
    await telegram.deliver(Call("answerCallbackQuery", {"callback_query_id": "1"}))
    await telegram.close()
    asked = {call["method"] for call in httpx.get(f"{telegram_url}/calls").json()}
    assert {"setWebhook", "setMyCommands", "getMe", "sendChatAction"} <= asked
    assert telegram.username == "FaroTestBot"


async def test_the_judge_refuses_what_is_wrong(telegram_url):
    telegram = channel(telegram_url)
    wrong = {"inline_keyboard": [[{"text": "x", "callback_data": "m:" + "x" * 70}]]}
    call = Call("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": wrong})
    with pytest.raises(SendError):
        await telegram.deliver(call)
    await telegram.close()
