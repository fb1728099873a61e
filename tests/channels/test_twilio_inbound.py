"""What Twilio sends us, as a table."""

import pytest

from channels.base import Webhook
from tests.channels.harness import (
    PHONE,
    SECOND_TOKEN,
    SMS_SENDER,
    WHATSAPP_SENDER,
    Incoming,
    desk_on,
    events_in,
    messages_in,
    signed,
    sms,
    whatsapp,
)

IN = "/webhooks/sms/inbound"
WIN = "/webhooks/whatsapp/inbound"
MEDIA = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"


def text(body, sid="SM1", **more):
    return signed(IN, From=PHONE, To=SMS_SENDER, MessageSid=sid, Body=body, ToCity="", **more)


def chat(body="", sid="SM1", **more):
    fields = {
        "From": f"whatsapp:{PHONE}",
        "To": f"whatsapp:{WHATSAPP_SENDER}",
        "ProfileName": "Ana P.",
    }
    return signed(WIN, **{**fields, "MessageSid": sid, "Body": body, **more})


def without_signature(hook):
    return Webhook(hook.url, hook.method, {}, hook.body)


SMS = [
    Incoming("a text", text("¡Ayuda! ¿Dónde?"), message={"kind": "text", "text": "¡Ayuda! ¿Dónde?"}),
    Incoming("no signature", without_signature(text("x")), 403, events=("security.bad_signature",)),
    Incoming("the second token while rotating", signed(IN, SECOND_TOKEN, From=PHONE, MessageSid="SM1", Body="x"), message={"text": "x"}),
    Incoming("another account", text("x", AccountSid="AC2"), 403, events=("security.bad_signature",)),
    Incoming("no sender", signed(IN, MessageSid="SM1", Body="x"), 400),
    Incoming("no id", signed(IN, From=PHONE, Body="x"), 400),
    Incoming("only SmsSid", signed(IN, From=PHONE, SmsSid="SM7", Body="x"), message={"provider_id": "SM7"}),
    Incoming("GET", Webhook(IN, "GET"), 405),
    Incoming("too large", Webhook(IN, body=b"x" * 70_000), 413),
    Incoming("JSON without bodySHA256", Webhook(IN, headers={"Content-Type": "application/json", "X-Twilio-Signature": "x"}, body=b"{}"), 403, events=("security.bad_signature",)),
    Incoming("two pictures", text("", NumMedia="2", MediaUrl0=MEDIA, MediaContentType0="image/jpeg", MediaUrl1=MEDIA, MediaContentType1="image/png"), message={"kind": "media", "text": ""}),
    Incoming("a program is not taken", text("", NumMedia="1", MediaUrl0=MEDIA, MediaContentType0="application/x-msdownload"), message={"kind": "unsupported", "attachments": ()}),
    Incoming("NumMedia is nonsense", text("hola", NumMedia="abc"), message={"kind": "text"}),
    Incoming("a carrier keyword", text("Stop."), events=("consent.opt_out",)),
    Incoming("opt-in", text("START", OptOutType="START"), events=("consent.opt_in",)),
    Incoming("help that Twilio answered", text("HELP", OptOutType="HELP")),
    Incoming("a short code", signed(IN, From="22395", MessageSid="SM1", Body="x"), events=("inbound.from_service",)),
    Incoming("a company name", signed(IN, From="ACME", MessageSid="SM1", Body="x"), events=("inbound.from_service",)),
    Incoming("our own number", signed(IN, From=SMS_SENDER, MessageSid="SM1", Body="x")),
    Incoming("ButtonText on SMS is ignored", text("Hola", ButtonText="No"), message={"kind": "text", "text": "Hola"}),
]  # fmt: skip

WHATSAPP = [
    Incoming("a text", chat("Hola"), message={"kind": "text", "channel": "whatsapp"}),
    Incoming("no prefix", chat("Hola", From=PHONE), message={"kind": "text"}),
    Incoming("a voice note", chat("", NumMedia="1", MediaUrl0=MEDIA, MediaContentType0="audio/ogg", MessageType="audio"), message={"kind": "media"}),
    Incoming("a button", chat("Sí", ButtonText="Sí", ButtonPayload="m:yes", MessageType="button"), message={"kind": "choice", "payload": "m:yes", "text": "Sí"}),
    Incoming("a list answer", chat("Clases", ListId="m:a1", ListTitle="Clases de apoyo"), message={"kind": "choice", "payload": "m:a1", "text": "Clases de apoyo"}),
    Incoming("the stop button", chat("Detener", ButtonText="Detener", ButtonPayload="consent:stop"), events=("consent.opt_out",)),
    Incoming("zero is a place", chat("", MessageType="location", Latitude="0.0", Longitude="0.0"), message={"kind": "location"}),
    Incoming("a place outside the world", chat("", MessageType="location", Latitude="91", Longitude="0"), message={"kind": "unsupported", "location": None}),
    Incoming("a contact card", chat("", NumMedia="1", MediaUrl0=MEDIA, MediaContentType0="text/vcard", MessageType="contacts"), message={"kind": "contact", "attachments": ()}),
    Incoming("an order", chat("", MessageType="order"), message={"kind": "unsupported"}),
    Incoming("forwarded many times", chat("Dicen", Forwarded="true", FrequentlyForwarded="true"), message={"flags": ("forwarded_many",)}),
    Incoming("a quoted answer", chat("¿y esto?", OriginalRepliedMessageSid="MM1"), message={"reply_to": "MM1"}),
    Incoming("a person without a number", chat("Hola", From="whatsapp:US.90000000000000000001"), message={"text": "Hola"}),
    Incoming("number and business id", chat("Hola", ExternalUserId="whatsapp:US.90000000000000000001"), message={"text": "Hola"}, events=("identity.alias",)),
    Incoming("nonsense as business id", chat("Hola", ExternalUserId="whatsapp:not-an-id"), message={"text": "Hola"}),
]  # fmt: skip


async def check(channel, case, redis):
    channel.attach(desk_on(redis))
    assert (await channel.receive(case.hook)).status == case.status
    found = await messages_in(redis)
    assert len(found) == (1 if case.message else 0)
    for name, value in (case.message or {}).items():
        assert getattr(found[0], name) == value
    assert tuple(event["type"] for event in await events_in(redis)) == case.events


@pytest.mark.parametrize("case", SMS, ids=lambda case: case.label)
async def test_sms(case, redis):
    await check(sms(), case, redis)


@pytest.mark.parametrize("case", WHATSAPP, ids=lambda case: case.label)
async def test_whatsapp(case, redis):
    await check(whatsapp(), case, redis)


async def test_a_message_sent_twice_is_taken_once(redis):
    channel = sms()
    channel.attach(desk_on(redis))
    assert [(await channel.receive(text("uno"))).status for _ in range(2)] == [200, 200]
    assert len(await messages_in(redis)) == 1


async def test_the_url_is_ours_whatever_the_headers_say(redis):
    channel = sms()
    channel.attach(desk_on(redis))
    hook = text("x")
    moved = Webhook(
        hook.url, "POST", {**hook.headers, "Host": "evil", "X-Forwarded-Host": "evil"}, hook.body
    )
    assert (await channel.receive(moved)).status == 200
    other = Webhook(hook.url + "?a=b", "POST", hook.headers, hook.body)
    assert (await channel.receive(other)).status == 403


async def test_a_file_from_another_host_is_never_referred_to(redis):
    channel = whatsapp()
    channel.attach(desk_on(redis))
    evil = "http://169.254.169.254/latest/meta-data"
    await channel.receive(chat("", NumMedia="1", MediaUrl0=evil, MediaContentType0="image/jpeg"))
    assert (await messages_in(redis))[0].attachments[0].ref == ""


async def test_a_place_is_stored_to_a_kilometre(redis):
    channel = whatsapp()
    channel.attach(desk_on(redis))
    await channel.receive(
        chat("", Latitude="18.539200", Longitude="-72.336400", Label="Lekòl", Address="Delmas 33")
    )
    place = (await messages_in(redis))[0].location
    assert (place.lat, place.lon, place.label) == (18.54, -72.34, "Lekòl, Delmas 33")


async def test_one_person_with_two_addresses_is_one_person(redis):
    channel = whatsapp()
    channel.attach(desk_on(redis))
    business_id = "whatsapp:US.90000000000000000001"
    await channel.receive(chat("a", "SM1", From=business_id))
    await channel.receive(chat("b", "SM2", ExternalUserId=business_id))
    await channel.receive(chat("c", "SM3"))
    assert len({message.user_ref for message in await messages_in(redis)}) == 1


async def test_nothing_is_acknowledged_that_could_not_be_stored(no_redis):
    channel = sms()
    channel.attach(desk_on(no_redis))
    assert (await channel.receive(text("x"))).status == 503
