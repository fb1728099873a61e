"""Our calls against Twilio's own description of its API."""

import json

import pytest

from channels.errors import SendError
from channels.twilio import SmsChannel, WhatsAppChannel
from channels.twilio.account import Account
from channels.twilio.contents import Contents, definitions
from tests.wire import twilio_spec
from tests.wire.replies import REPLIES

PERSON = "+12025550143"
ACCOUNT = "AC" + "1" * 32
SIDS = {name: f"HX{number:032x}" for number, name in enumerate(definitions())}


def account(url):
    return Account(
        ACCOUNT, ("token",), "https://bot.example.org", service="MG" + "2" * 32, api_url=url
    )


def channels(url):
    return (
        SmsChannel(account(url), "+14155550101", {}, "key"),
        WhatsAppChannel(account(url), "+14155550100", {}, "key", Contents(dict(SIDS))),
    )


@pytest.mark.parametrize("label", REPLIES)
async def test_every_reply_is_as_twilio_says(label, twilio_url, twilio_description):
    allowed = twilio_spec.parameters(twilio_description[1])
    for channel in channels(twilio_url):
        for call in channel.encode(PERSON, REPLIES[label]):
            assert set(call.params) <= allowed
            assert await channel.deliver(call, "018f0000-0000-7000-8000-000000000001")
        await channel.close()


async def test_the_judge_refuses_what_is_wrong(twilio_url):
    channel = channels(twilio_url)[0]
    call = channel.call(PERSON)  # says nothing
    with pytest.raises(SendError):
        await channel.deliver(call)
    await channel.close()


@pytest.mark.parametrize("name", definitions())
async def test_every_menu_is_as_twilio_says(name, twilio_url):
    made = account(twilio_url)
    types = definitions()[name]
    body = {"friendly_name": name, "language": "es", "types": types, "variables": {}}
    assert await made.request("POST", f"{twilio_url}/v1/Content", json=body)
    assert json.dumps(types).count("{{1}}") == 1
    await made.transport.aclose()
