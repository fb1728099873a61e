"""The provider end of Twilio, spoken to by Twilio's own client."""

import asyncio
import json

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.channels.simulator.conftest import BOT_TOKEN, SID, SMS, TOKEN, WHATSAPP, WHO, running

QUICK_REPLY = {
    "friendly_name": "two",
    "language": "es",
    "variables": {},
    "types": {
        "twilio/quick-reply": {
            "body": "{{1}}",
            "actions": [{"title": "{{2}}", "id": "{{3}}"}, {"title": "{{4}}", "id": "{{5}}"}],
        }
    },
}
LIST = {
    "friendly_name": "list",
    "language": "es",
    "types": {
        "twilio/list-picker": {
            "body": "{{1}}",
            "button": "Ver",
            "items": [{"item": "{{2}}", "id": "{{3}}", "description": "d"}],
        }
    },
}


class Rewritten(TwilioHttpClient):
    """Twilio's client with its hosts replaced, as the channel does with TWILIO_API_URL."""

    def __init__(self, base):
        super().__init__(timeout=5)
        self._base = f"{base}/simulator/twilio"

    def request(self, method, url, *args, **kwargs):
        return super().request(
            method, self._base + httpx.URL(url).raw_path.decode(), *args, **kwargs
        )


def client(faro, token=TOKEN):
    return Client(SID, token, http_client=Rewritten(faro.base))


async def sent(faro, **how):
    usual = {"to": WHO.phone, "from_": SMS, "body": "Hola"}
    create = client(faro).messages.create
    return await asyncio.to_thread(lambda: create(**{**usual, **how}))


async def content(faro, wanted):
    url = "/simulator/twilio/v1/Content"
    return await faro.http.post(url, json=wanted, auth=(SID, TOKEN))


def of_faro(event):
    return event["type"] == "message" and event["message"]["sender"] == "faro"


async def test_a_text_arrives_on_the_phone_with_what_it_costs(faro):
    async with faro.events() as following:
        assert (await following())["type"] == "hello"
        message = await sent(faro, body="¿Dónde está?")
        shown = (await following(of_faro))["message"]
    assert message.status == "queued"
    assert message.direction == "outbound-api"
    assert (shown["id"], shown["text"]) == (message.sid, "¿Dónde está?")
    assert (shown["sms"]["encoding"], shown["sms"]["segments"]) == ("UCS-2", 1)


async def test_callbacks_are_signed_and_in_order(faro):
    await sent(faro, status_callback=f"{faro.base}/webhooks/sms/status?m=1%2F2")
    hooks = await faro.heard(2)
    assert [hook.form["MessageStatus"] for hook in hooks] == ["sent", "delivered"]
    assert all(hook.signed for hook in hooks)
    assert hooks[0].url.endswith("/webhooks/sms/status?m=1%2F2")


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "12"}, 21211),
        ({"from_": "+19995550000"}, 21606),
        ({"from_": "whatsapp:" + WHATSAPP}, 21910),
        ({"to": "whatsapp:" + WHO.phone, "from_": "whatsapp:+19995550000"}, 63007),
        ({"body": ""}, 21619),
        ({"body": "a" * 1601}, 21617),
        ({"body": "", "media_url": ["ftp://x"]}, 21620),
        ({"body": "", "content_sid": "HX" + "0" * 32}, 21655),
        ({"status_callback": "nonsense"}, 21609),
        ({"from_": None, "messaging_service_sid": "MG" + "0" * 32}, 21701),
    ],
)
async def test_a_bad_message_is_refused_with_twilios_code(faro, how, code):
    with pytest.raises(TwilioRestException) as refused:
        await sent(faro, **{**how, **({"from_": ""} if how.get("from_", "") is None else {})})
    assert (refused.value.status, refused.value.code) == (400, code)


async def test_a_wrong_token_is_refused(faro):
    with pytest.raises(TwilioRestException) as refused:
        await asyncio.to_thread(client(faro, "wrong").messages("SM" + "0" * 32).fetch)
    assert (refused.value.status, refused.value.code) == (401, 20003)


async def test_messages_can_be_found_looked_up_and_deleted(faro):
    message = await sent(faro)
    messages = client(faro).messages
    found = await asyncio.to_thread(lambda: messages.list(to=WHO.phone, limit=20))
    assert [one.sid for one in found] == [message.sid]
    assert await asyncio.to_thread(lambda: messages.list(to="+10000000000")) == []
    assert (await asyncio.to_thread(messages(message.sid).fetch)).body == "Hola"
    assert await asyncio.to_thread(messages(message.sid).delete)
    with pytest.raises(TwilioRestException) as gone:
        await asyncio.to_thread(messages(message.sid).fetch)
    assert gone.value.status == 404


async def test_a_quick_reply_becomes_buttons(faro):
    await faro.send("whatsapp", text="hola")
    made = (await content(faro, QUICK_REPLY)).json()
    listed = await asyncio.to_thread(lambda: client(faro).content.v1.contents.list())
    assert [one.sid for one in listed] == [made["sid"]]
    variables = {"1": "¿Seguimos?", "2": "Sí", "3": "m:yes", "4": "No", "5": "m:no"}
    async with faro.events() as following:
        await following()
        await sent(
            faro,
            to="whatsapp:" + WHO.phone,
            from_="whatsapp:" + WHATSAPP,
            body=None,
            content_sid=made["sid"],
            content_variables=json.dumps(variables),
        )
        shown = (await following(of_faro))["message"]
    assert shown["text"] == "¿Seguimos?"
    assert [row[0]["title"] for row in shown["buttons"]] == ["Sí", "No"]
    assert shown["status"] == "sending"
    answer = await faro.send("whatsapp", choice="m:yes")
    tapped = next(hook for hook in faro.hooks if hook.form.get("ButtonPayload"))
    assert tapped.form["ButtonText"] == tapped.form["Body"] == "Sí"
    assert tapped.form["OriginalRepliedMessageSid"] == shown["id"]
    assert answer.json()["status"] == 200


async def test_a_list_outside_the_window_fails_later_with_63016(faro):
    made = (await content(faro, LIST)).json()
    await sent(
        faro,
        to="whatsapp:" + WHO.phone,
        from_="whatsapp:" + WHATSAPP,
        body=None,
        content_sid=made["sid"],
        content_variables=json.dumps({"1": "Elige", "2": "Uno", "3": "m:1"}),
        status_callback=f"{faro.base}/webhooks/whatsapp/status",
    )
    (hook,) = await faro.heard(1)
    assert (hook.form["MessageStatus"], hook.form["ErrorCode"]) == ("failed", "63016")


@pytest.mark.parametrize("variables", ["nonsense", "[]", '{"1": ""}', '{"1": 2}', "{}"])
async def test_bad_variables_are_refused(faro, variables):
    made = (await content(faro, LIST)).json()
    with pytest.raises(TwilioRestException) as refused:
        await sent(faro, body=None, content_sid=made["sid"], content_variables=variables)
    assert refused.value.code == 21656


@pytest.mark.parametrize(
    "changed", [{"types": {}}, {"language": ""}, {"types": {"twilio/quick-reply": {"body": "x"}}}]
)
async def test_a_bad_content_is_refused(faro, changed):
    answer = await content(faro, {**QUICK_REPLY, **changed})
    assert answer.status_code == 400
    assert answer.json()["code"] == 20001


async def test_typing_shows_on_the_phone_and_marks_as_read(faro):
    id_ = (await faro.send("whatsapp", text="hola")).json()["id"]
    async with faro.events() as following:
        await following()
        answer = await faro.http.post(
            "/simulator/twilio/v3/Indicators/Typing.json",
            json={"channel": "WHATSAPP", "messageId": id_},
            auth=(SID, TOKEN),
        )
        assert answer.json() == {"success": True}
        assert (await following())["message"]["status"] == "read"
        assert (await following())["type"] == "typing"


async def test_a_stop_word_on_sms_is_answered_and_obeyed_by_the_network(faro):
    await faro.send("sms", text="STOP")
    with pytest.raises(TwilioRestException) as refused:
        await sent(faro)
    assert refused.value.code == 21610
    await faro.send("sms", text="start")
    assert (await sent(faro)).status == "queued"


async def test_the_bots_token_opens_nothing_at_twilio(faro):
    answer = await faro.http.get(
        f"/simulator/twilio/2010-04-01/Accounts/{SID}/Messages.json", auth=(SID, BOT_TOKEN)
    )
    assert answer.status_code == 401


async def test_a_restart_forgets_neither_menus_nor_who_wrote(tmp_path):
    kept = tmp_path / "kept.json"
    async with running(kept_file=kept) as faro:
        await faro.send("whatsapp", text="hola")
        made = (await content(faro, QUICK_REPLY)).json()
    async with running(kept_file=kept) as faro:
        listed = await asyncio.to_thread(lambda: client(faro).content.v1.contents.list())
        assert [one.sid for one in listed] == [made["sid"]]
        await sent(
            faro,
            to="whatsapp:" + WHO.phone,
            from_="whatsapp:" + WHATSAPP,
            status_callback=f"{faro.base}/webhooks/whatsapp/status",
        )
        hooks = await faro.heard(2)
    assert [hook.form["MessageStatus"] for hook in hooks] == ["sent", "delivered"]
