"""What the documentation says about channels is true."""

import hashlib
import hmac
import json
import re
from pathlib import Path

import httpx
import pytest

from bot.messages import Choice, OutboundMessage
from bot.settings import ROOT
from channels.base import Webhook
from channels.errors import Unavailable
from channels.registry import load_channels
from tests.channels.harness import PSEUDONYM_KEY, Provider, desk_on, messages_in

GUIDE = ROOT / "docs/add-a-channel.md"
PAGE = ROOT / "docs/channels.md"


@pytest.fixture
def gateway():
    """The channel of the guide, as it stands there."""
    source = re.search(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)[1]
    names = {"__name__": "gateway"}
    exec(compile(source, str(GUIDE), "exec"), names)
    return names["GatewayChannel"]


def made(gateway, *script):
    http = httpx.AsyncClient(base_url="https://gateway.example", transport=Provider(*script))
    channel = gateway("secret", http)
    channel._pseudonym_key = PSEUDONYM_KEY
    return channel


def post(**given):
    body = json.dumps(given).encode()
    signature = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    return Webhook("/webhooks/gateway/inbound", "POST", {"X-Signature": signature}, body)


async def test_the_channel_of_the_guide_works(gateway, redis):
    channel = made(gateway)
    channel.attach(desk_on(redis))
    hook = post(id="1", text="hola", **{"from": "+1"})
    assert (await channel.receive(hook)).status == 200
    assert (await channel.receive(Webhook(hook.url, "POST", {}, hook.body))).status == 403
    assert (await channel.receive(post(id="2"))).status == 400
    assert [message.text for message in await messages_in(redis)] == ["hola"]
    (call,) = channel.encode("+1", OutboundMessage("**¿Sí?**", (Choice("Sí", "m:1"),)))
    assert call.params == {"to": "+1", "text": "¿Sí?\n1. Sí"}


async def test_its_errors_are_ours(gateway):
    channel = made(gateway, {"status": 503, "json": {}})
    with pytest.raises(Unavailable):
        await channel.deliver(channel.encode("+1", OutboundMessage("x"))[0])


def test_every_route_is_documented():
    page = PAGE.read_text()
    for channel in load_channels():
        for path in channel.routes():
            route = f"/webhooks/{channel.url_prefix()}{path}"
            assert route in page or channel.name() == "telegram"


@pytest.mark.parametrize("page", [GUIDE, PAGE], ids=lambda page: page.name)
def test_every_file_named_there_exists(page):
    named = re.findall(r"`((?:channels|bot|tests|data)/[\w/.]+\.\w+)`", page.read_text())
    assert named
    assert not [name for name in named if "<" not in name and not Path(ROOT / name).exists()]
