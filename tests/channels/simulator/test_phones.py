"""The phones: what they send reaches our webhooks as the real networks would send it."""

import asyncio
import json

import pytest

from bot.runtime import keys
from bot.runtime.events import Event, emit
from channels.simulator.exchange import MESSAGES, PHONES, Bubble, Exchange
from channels.simulator.people import is_simulated, person
from tests.channels.simulator.conftest import SMS, WHATSAPP, WHO, running


@pytest.mark.parametrize(
    ("channel", "prefix", "ours"), [("sms", "", SMS), ("whatsapp", "whatsapp:", WHATSAPP)]
)
async def test_a_text_is_a_signed_form_with_its_blank_fields(faro, channel, prefix, ours):
    answer = (await faro.send(channel, text="¡Ayuda!")).json()
    (hook,) = faro.hooks
    assert hook.path == f"/webhooks/{channel}/inbound"
    assert hook.signed
    assert hook.form["Body"] == "¡Ayuda!"
    assert (hook.form["From"], hook.form["To"]) == (prefix + WHO.phone, prefix + ours)
    assert answer == {"id": hook.form["MessageSid"], "status": 200, "waiting": False}
    if channel == "sms":
        assert hook.form["FromCity"] == ""


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ({"voice": True}, {"MessageType": "audio", "MediaContentType0": "audio/ogg", "Body": ""}),
        (
            {"image": True},
            {"MessageType": "image", "MediaContentType0": "image/jpeg", "NumMedia": "1"},
        ),
        ({"sticker": "👍"}, {"MessageType": "sticker", "MediaContentType0": "image/webp"}),
        ({"location": [14.1, -87.2]}, {"MessageType": "location", "Latitude": "14.100000"}),
    ],
)
async def test_whatsapp_says_what_kind_of_message_it_is(faro, what, fields):
    await faro.send("whatsapp", **what)
    (hook,) = faro.hooks
    assert fields.items() <= hook.form.items()
    assert hook.signed


async def test_the_signature_is_made_for_the_public_address():
    async with running(public_url="https://bot.example.org") as faro:
        await faro.send("sms", text="hola")
        assert faro.hooks[0].url == "https://bot.example.org/webhooks/sms/inbound"
        assert faro.hooks[0].signed


async def test_what_could_not_be_stored_is_sent_again(faro):
    faro.answers += [503]
    async with faro.events() as following:
        await following()
        answer = await faro.send("sms", text="hola")
        again = await following(lambda e: (e["message"]["webhook"] or {}).get("tries") == 2)
    assert answer.json()["status"] == 503
    assert [hook.form["MessageSid"] for hook in faro.hooks] == [answer.json()["id"]] * 2
    assert again["message"]["status"] == "delivered"


@pytest.mark.parametrize(
    ("channel", "what", "status"),
    [
        ("sms", {"location": [1, 2]}, 400),
        ("sms", {"voice": True}, 400),
        ("whatsapp", {"command": "/start"}, 400),
        ("whatsapp", {"text": ""}, 400),
        ("whatsapp", {"choice": "m:never"}, 409),
        ("telegram", {"location": [91, 0]}, 400),
        ("telegram", {"text": "x" * 10_001}, 413),
        ("fax", {"text": "x"}, 400),
    ],
)
async def test_what_a_phone_cannot_do_is_refused(faro, channel, what, status):
    assert (await faro.send(channel, **what)).status_code == status
    assert faro.hooks == []


async def test_another_sites_form_cannot_write_for_us(faro):
    url = f"/simulator/phones/sms/{WHO.id}/send"
    answer = await faro.http.post(
        url, content='{"text": "x"}', headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 415


async def test_a_phone_with_real_secrets_takes_no_typing():
    async with running(live=frozenset({"telegram"}), configured=frozenset({"sms"})) as faro:
        assert (await faro.send("sms", text="x")).status_code == 409
        async with faro.events() as following:
            phones = (await following())["phones"]
    assert {channel: phone["state"] for channel, phone in phones.items()} == {
        "whatsapp": "off",
        "sms": "real",
        "telegram": "live",
    }


async def test_whoever_comes_back_finds_what_stood_there(faro):
    await faro.send("sms", text="hola")
    async with faro.events() as following:
        (message,) = (await following())["phones"]["sms"]["messages"]
    assert (message["text"], message["status"]) == ("hola", "delivered")


async def test_nobody_sees_another_persons_phone(faro):
    async with faro.events(person("another-person-1")) as following:
        await following()
        await faro.send("sms", text="hola")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(following(), 0.3)


async def test_staff_see_what_the_assistant_made_of_a_message(redis):
    async with running(redis=redis) as faro:
        id_ = (await faro.send("telegram", text="hola")).json()["id"]
        details = {"message": id_, "label": "greeting", "confidence": 0.9, "address": "secret"}
        async with faro.events() as following:
            await following()
            await asyncio.sleep(0.2)
            await redis.xadd(keys.EVENTS, {"type": "answered", "at": "1", "details": "nonsense"})
            await emit(redis, Event("answered", {"message": "of somebody else"}))
            await emit(redis, Event("answered", details))
            shown = (await following())["message"]
    assert shown["id"] == id_
    assert shown["details"] == {"label": "greeting", "confidence": 0.9}


def test_what_is_kept_is_bounded():
    exchange = Exchange()
    first = exchange.phone("sms", "+50400000000")
    for number in range(MESSAGES + 5):
        exchange.show(first, Bubble(str(number), "sms", "faro"))
    assert len(first.bubbles) == MESSAGES
    for number in range(PHONES):
        exchange.phone("sms", f"+5041{number}")
    assert exchange.phone("sms", "+50400000000") is not first


def test_who_lags_too_far_behind_starts_anew():
    exchange = Exchange()
    phone = exchange.phone("sms", WHO.phone)
    queue = exchange.look([phone])
    for _ in range(1001):
        exchange.tell(phone, {"type": "typing"})
    assert [queue.get_nowait() for _ in range(1001)][-1] is None
    exchange.look_away([phone], queue)
    assert not exchange.is_looked_at(phone)


@pytest.mark.parametrize("id_", ["short", "x" * 65, "../../etc/passwd", "with blank"])
def test_not_everything_is_a_person(id_):
    assert person(id_) is None


def test_a_person_is_always_the_same_and_reachable_nowhere_else():
    assert person(WHO.id) == WHO
    assert person("another-person-1") != WHO
    assert is_simulated("sms", WHO.phone)
    assert is_simulated("telegram", str(WHO.telegram))
    assert not is_simulated("sms", "+50499550101")
    assert json.dumps(WHO.telegram)
