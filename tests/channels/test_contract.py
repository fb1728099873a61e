"""What holds for every channel in ``credentials.yml``, also for the next one."""

import inspect
import subprocess
import sys

import httpx
import pytest

from bot.messages import Choice, InboundMessage, Location, Media, OutboundMessage
from bot.runtime.desk import Reflex
from bot.runtime.events import Event
from channels.base import Channel, Webhook
from channels.errors import OutcomeUnknown, Throttled, Unavailable
from channels.registry import load_channels
from tests.channels import test_telegram, test_twilio_inbound
from tests.channels.harness import (
    PHONE,
    Provider,
    desk_on,
    events_in,
    every_channel,
    messages_in,
)

NAMES = [channel.name() for channel in load_channels()]
# What each provider sends for a text; a new channel adds a line.
TEXTS = {
    "sms": test_twilio_inbound.text("me quiero morir"),
    "whatsapp": test_twilio_inbound.chat("me quiero morir"),
    "telegram": test_telegram.message(text="me quiero morir"),
}
ADDRESSES = {"sms": PHONE, "whatsapp": PHONE, "telegram": "5550001"}
RICH = OutboundMessage(
    "**Hola** " * 300,
    tuple(Choice(f"Opción número {n}", f"m:{n}") for n in range(30)),
    (Media("image", "https://example.org/a.jpg", "un cartel"),),
    Location(1.0, 2.0, "Oficina"),
    more_title="Más…",
)

every = pytest.mark.parametrize("name", NAMES)


def urgent(message: InboundMessage, country: str | None = None) -> Reflex:
    answer = OutboundMessage("Llamá al 911", purpose="crisis")
    return Reflex(replies=(answer,), urgent=True, events=(Event("crisis"),))


def test_every_channel_has_a_text_here():
    assert set(NAMES) == set(TEXTS) == set(every_channel())


@every
def test_it_has_the_shape_of_rasas_channel(name):
    from bot.runtime import without_tensorflow

    without_tensorflow.install()
    from rasa.core.channels.channel import InputChannel

    channel = every_channel()[name]
    for member, theirs in inspect.getmembers(InputChannel, inspect.isfunction):
        if not member.startswith("_"):
            ours = getattr(channel, member)
            wanted = list(inspect.signature(theirs).parameters)
            given = ["self", *inspect.signature(ours).parameters]
            assert given == wanted, member
    assert channel.url_prefix() == name


def test_the_channels_do_without_rasa():
    code = "import sys; from channels.registry import load_channels; load_channels(); print('rasa' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@every
async def test_without_its_secret_it_refuses_everything(name, monkeypatch, redis):
    for setting in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(setting, raising=False)
    channel = next(c for c in load_channels() if c.name() == name)
    channel.attach(desk_on(redis))
    assert channel.off
    assert (await channel.receive(TEXTS[name])).status == 503
    assert await messages_in(redis) == []


@every
async def test_what_is_not_signed_is_refused_and_not_stored(name, redis):
    channel = every_channel()[name]
    channel.attach(desk_on(redis))
    hook = TEXTS[name]
    for headers in ({}, {key: value.swapcase() for key, value in hook.headers.items()}):
        answer = await channel.receive(Webhook(hook.url, "POST", headers, hook.body))
        assert answer.status == 403
    assert await messages_in(redis) == []
    # Whoever floods us with such requests does not fill the event log.
    assert [event["type"] for event in await events_in(redis)] == ["security.bad_signature"]


@every
async def test_only_post_is_taken(name, redis):
    channel = every_channel()[name]
    channel.attach(desk_on(redis))
    hook = TEXTS[name]
    assert (await channel.receive(Webhook(hook.url, "GET", hook.headers, b""))).status == 405


@every
async def test_a_message_sent_twice_is_stored_once(name, redis):
    channel = every_channel()[name]
    channel.attach(desk_on(redis))
    assert {(await channel.receive(TEXTS[name])).status for _ in range(3)} == {200}
    assert len(await messages_in(redis)) == 1
    await channel.close()


@every
async def test_no_address_is_stored_in_clear(name, redis):
    channel = every_channel()[name]
    channel.attach(desk_on(redis))
    await channel.receive(TEXTS[name])
    (message,) = await messages_in(redis)
    assert ADDRESSES[name].lstrip("+") not in message.to_json()
    await channel.close()


@every
async def test_a_crisis_is_answered_once_even_if_nothing_can_be_stored(name, no_redis):
    provider = Provider()
    channel = every_channel(provider)[name]
    channel.attach(desk_on(no_redis, urgent))
    assert {(await channel.receive(TEXTS[name])).status for _ in range(3)} == {503}
    said = [params for _, params in provider.calls]
    assert len(said) == 1
    assert "911" in str(said[0])


def doubtful(message: InboundMessage, country: str | None = None) -> Reflex:
    return Reflex(flags=("doubt:suicide",), otherwise=urgent(message))


@every
async def test_a_doubtful_crisis_is_answered_where_nobody_else_can_hear_it(name, no_redis):
    provider = Provider()
    channel = every_channel(provider)[name]
    channel.attach(desk_on(no_redis, doubtful))
    assert (await channel.receive(TEXTS[name])).status == 503
    assert len(provider.calls) == 1


@every
async def test_other_messages_wait_when_nothing_can_be_stored(name, no_redis):
    provider = Provider()
    channel = every_channel(provider)[name]
    channel.attach(desk_on(no_redis))
    assert (await channel.receive(TEXTS[name])).status == 503
    assert provider.requests == []


@every
def test_nothing_to_say_is_no_call(name):
    assert every_channel()[name].encode(ADDRESSES[name], OutboundMessage()) == []


@every
def test_a_message_with_everything_can_be_said(name):
    calls = every_channel()[name].encode(ADDRESSES[name], RICH)
    assert 1 <= len(calls) <= 8


@every
@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ({"status": 429, "json": {}}, Throttled),
        ({"status": 503, "json": {}}, Unavailable),
        ({"error": "connect_error"}, Unavailable),
        ({"error": "read_timeout"}, OutcomeUnknown),
    ],
)
async def test_an_error_says_whether_to_try_again(name, script, kind):
    if name == "telegram" and script.get("status") == 429:
        script = {"status": 429, "json": {"ok": False, "parameters": {"retry_after": 1}}}
    channel = every_channel(Provider(script))[name]
    (call,) = channel.encode(ADDRESSES[name], OutboundMessage("Hola"))
    with pytest.raises(kind):
        await channel.deliver(call)


@every
async def test_no_call_leaves_for_another_host(name):
    provider = Provider()
    channel: Channel = every_channel(provider)[name]
    for call in channel.encode(ADDRESSES[name], RICH):
        await channel.deliver(call)
    hosts = {httpx.URL(str(request.url)).host for request in provider.requests}
    assert hosts <= {"api.twilio.com", "api.telegram.org"}
