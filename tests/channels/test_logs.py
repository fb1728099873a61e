"""Nothing about a person and no secret reaches a log."""

import io
import logging

import pytest

from bot.messages import OutboundMessage
from bot.runtime.logs import configure_logs, redact
from tests.channels import test_contract
from tests.channels.harness import (
    ACCOUNT,
    AUTH_TOKEN,
    BOT_SECRET,
    BOT_TOKEN,
    PHONE,
    Provider,
    desk_on,
    every_channel,
    give_address,
    reply,
    send,
    sender_on,
)

SECRETS = (
    ACCOUNT,
    AUTH_TOKEN,
    BOT_SECRET,
    BOT_TOKEN,
    PHONE,
    PHONE[1:],
    "5550001",
    "Marie",
    "morir",
)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (
            "POST https://api.telegram.org/bot700000001:TEST-token-not-real/sendMessage",
            "sendMessage",
        ),
        ("to whatsapp:+12025550143 failed", "failed"),
        ("chat_id=5550001 gone", "gone"),
        ("{'X-Twilio-Signature': 'abc/def='} bad", "bad"),
        ("user US.90000000000000000001 unknown", "unknown"),
    ],
)
def test_redaction(line, kept):
    cleaned = redact(line)
    assert kept in cleaned
    assert not any(
        s in cleaned for s in ("TEST-token", "2025550143", "5550001", "abc/def", "90000000")
    )


@pytest.mark.parametrize("name", test_contract.NAMES)
@pytest.mark.parametrize(
    "script", [(), ({"status": 400, "json": {"code": 21211}},), ({"error": "read_timeout"},)]
)
async def test_a_whole_exchange_leaves_nothing_in_the_logs(name, script, redis):
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    root = logging.getLogger()
    root.addHandler(handler)
    configure_logs(logging.DEBUG)
    try:
        channel = every_channel(Provider(*script))[name]
        channel.attach(desk_on(redis))
        await channel.receive(test_contract.TEXTS[name])
        await give_address(redis, test_contract.ADDRESSES[name])
        await send(
            redis, sender_on(redis, **{name: channel}), reply(name, OutboundMessage("morir"))
        )
        await channel.close()
        logging.getLogger("somebody").error("address %s", PHONE)
    finally:
        root.removeHandler(handler)
    assert "somebody" not in lines.getvalue()
    assert "[removed]" in lines.getvalue()
    assert not [secret for secret in SECRETS if secret in lines.getvalue()]
