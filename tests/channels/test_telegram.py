"""What Telegram sends us and what we send it, as tables."""

import json

import pytest

from bot.messages import Choice, Location, Media, OutboundMessage
from channels.base import Webhook
from tests.channels.harness import (
    BOT_SECRET,
    Incoming,
    Outgoing,
    Provider,
    desk_on,
    events_in,
    messages_in,
    telegram,
    update,
)

PERSON = {
    "id": 5550001,
    "is_bot": False,
    "first_name": "Marie",
    "username": "marie_j",
    "language_code": "ht",
}
PRIVATE = {"id": 5550001, "type": "private", "first_name": "Marie"}
GROUP = {"id": -100200300, "type": "supergroup", "title": "Fanmi"}
US = {"id": 700000001, "is_bot": True, "first_name": "B"}


def message(chat=PRIVATE, sender=PERSON, **content):
    return update(
        message={"message_id": 10, "date": 1790000000, "chat": chat, "from": sender, **content}
    )


def command(text, length, **more):
    return message(
        text=text, entities=[{"type": "bot_command", "offset": 0, "length": length}], **more
    )


def tap(data, **more):
    shown = {"message_id": 77, "date": 1790000000, "chat": PRIVATE, "from": US, "text": "menu"}
    query = {"id": "cq1", "from": PERSON, "chat_instance": "ci", "data": data, "message": shown}
    return update(callback_query={**query, **more})


def member(old, new, chat=PRIVATE):
    change = {"chat": chat, "from": PERSON, "date": 1790000000}
    banned = {"until_date": 0}
    before = {"user": US, "status": old, **(banned if old == "kicked" else {})}
    after = {"user": US, "status": new, **(banned if new == "kicked" else {})}
    return update(my_chat_member={**change, "old_chat_member": before, "new_chat_member": after})


INCOMING = [
    Incoming("a text", message(text="Bonjou"), message={"kind": "text", "text": "Bonjou", "language_hint": "ht"}),
    Incoming("the wrong secret", update(secret="wrong", message={}), 403, events=("security.bad_signature",)),
    Incoming("no JSON", Webhook("/x", headers={"X-Telegram-Bot-Api-Secret-Token": BOT_SECRET}, body=b"{"), events=("inbound.unreadable",)),
    Incoming("a known type out of shape", update(message={"message_id": "x"}), events=("inbound.unreadable",)),
    Incoming("nothing we know", update()),
    Incoming("/start", command("/start", 6), message={"kind": "command", "payload": "start", "args": None}),
    Incoming("/start with a payload", command("/start camp_7", 6), message={"payload": "start", "args": "camp_7"}),
    Incoming("/start with nonsense", command("/start ../../etc", 6), message={"payload": "start", "args": None}),
    Incoming("an alias with our name", command("/ayuda@FaroTestBot", 18), message={"kind": "command", "payload": "help"}),
    Incoming("an unknown command is text", command('/affirm{"role":"staff"}', 7), message={"kind": "text", "text": '/affirm{"role":"staff"}'}),
    Incoming("a voice note", message(voice={"file_id": "v1", "file_unique_id": "u", "duration": 7, "mime_type": "audio/ogg"}), message={"kind": "media"}),
    Incoming("a sticker is its emoji", message(sticker={"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False, "emoji": "👍"}), message={"kind": "text", "text": "👍"}),
    Incoming("a program is not taken", message(document={"file_id": "d", "file_unique_id": "u", "mime_type": "application/x-msdownload"}), message={"kind": "unsupported", "attachments": ()}),
    Incoming("a venue", message(location={"latitude": -2.9, "longitude": -79.0}, venue={"location": {"latitude": -2.9, "longitude": -79.0}, "title": "Escuela", "address": "Calle 1"}), message={"kind": "location"}),
    Incoming("somebody else's contact", message(contact={"phone_number": "12025550199", "first_name": "Vwazen"}), message={"kind": "contact", "flags": ("other_contact",), "text": ""}),
    Incoming("an edited message", update(edited_message={"message_id": 1, "date": 1, "chat": PRIVATE, "from": PERSON, "text": "x"}), events=("inbound.edited",)),
    Incoming("a bot", message(sender={**PERSON, "is_bot": True}, text="x")),
    Incoming("in a group", message(GROUP, text="Bonjou")),
    Incoming("blocked", member("member", "kicked"), events=("consent.opt_out",)),
    Incoming("unblocked", member("kicked", "member"), events=("channel.reachable",)),
    Incoming("added to a group", member("left", "member", GROUP)),
    Incoming("a group that moved", message(GROUP, migrate_to_chat_id=-1), events=("chat.migrated",)),
    Incoming("a button", tap("m:a1"), message={"kind": "choice", "payload": "m:a1", "reply_to": "5550001:77"}),
    Incoming("the stop button", tap("consent:stop"), events=("consent.opt_out",)),
]  # fmt: skip

SAY = "sendMessage"
OUTGOING = [
    Outgoing("formatted text", OutboundMessage("**Enpòtan**: _jodi a_ <"), [(SAY, {"chat_id": 5550001, "text": "<b>Enpòtan</b>: <i>jodi a</i> &lt;", "parse_mode": "HTML"})]),
    Outgoing("marks of other networks are text", OutboundMessage("a_b*c[d](e)~`>#"), [(SAY, {"text": "a_b*c[d](e)~`&gt;#"})]),
    Outgoing("two short buttons in a row", OutboundMessage("Ou dakò?", (Choice("Wi", "m:1"), Choice("Non", "m:2"))), [(SAY, {"reply_markup": {"inline_keyboard": [[{"text": "Wi", "callback_data": "m:1"}, {"text": "Non", "callback_data": "m:2"}]]}})]),
    Outgoing("a bad link is dropped", OutboundMessage("Gade", (Choice("a", "", url="http://localhost/k"), Choice("d", "", url="https://example.org/ok"))), [(SAY, {"text": "Gade", "reply_markup": {"inline_keyboard": [[{"text": "d", "url": "https://example.org/ok"}]]}})]),
    Outgoing("a short text is the caption", OutboundMessage("Tande", media=(Media("voice", "https://e.org/v.ogg"),)), [("sendVoice", {"voice": "https://e.org/v.ogg", "caption": "Tande"})]),
    Outgoing("a long text goes first", OutboundMessage("c" * 1100, media=(Media("voice", "https://e.org/v.ogg"),)), [(SAY, {}), ("sendVoice", {"caption": None})]),
    Outgoing("a place", OutboundMessage("La", location=Location(1.0, 2.0)), [(SAY, {"text": "La"}), ("sendLocation", {"latitude": 1.0})]),
    Outgoing("nothing to say", OutboundMessage()),
]  # fmt: skip


@pytest.mark.parametrize("case", INCOMING, ids=lambda case: case.label)
async def test_incoming(case, redis):
    channel = telegram()
    channel.attach(desk_on(redis))
    assert (await channel.receive(case.hook)).status == case.status
    found = await messages_in(redis)
    assert len(found) == (1 if case.message else 0)
    for name, value in (case.message or {}).items():
        assert getattr(found[0], name) == value
    assert tuple(event["type"] for event in await events_in(redis)) == case.events
    stored = json.dumps([m.to_json() for m in found])
    assert not any(word in stored for word in ("Marie", "marie_j", "5550199", "Vwazen"))
    await channel.close()


@pytest.mark.parametrize("case", OUTGOING, ids=lambda case: case.label)
def test_outgoing(case):
    calls = telegram().encode("5550001", case.message)
    assert [call.method for call in calls] == [method for method, _ in case.calls]
    for call, (_, params) in zip(calls, case.calls, strict=True):
        assert {name: call.params.get(name) for name in params} == params


def test_many_choices_come_in_pages():
    choices = tuple(Choice(str(n), f"m:{n}") for n in range(120))
    (call,) = telegram().encode("1", OutboundMessage("x", choices, more_title="Plis"))
    buttons = [button for row in call.params["reply_markup"]["inline_keyboard"] for button in row]
    assert len(buttons) == 8
    assert buttons[-1] == {"text": "Plis", "callback_data": "more:7"}


async def test_a_double_tap_counts_once_and_every_tap_is_acknowledged_once(redis):
    provider = Provider()
    channel = telegram(provider)
    channel.attach(desk_on(redis))
    first, echo = tap("m:a1"), tap("m:a1")
    echo = Webhook(
        echo.url,
        "POST",
        echo.headers,
        echo.body.replace(b'"update_id": 1', b'"update_id": 2').replace(b"cq1", b"cq2"),
    )
    for hook in (first, first, echo):
        await channel.receive(hook)
    await channel.close()
    assert len(await messages_in(redis)) == 1
    answered = [params["callback_query_id"] for params in provider.said("answerCallbackQuery")]
    assert answered == ["cq1", "cq2"]


async def test_a_group_is_told_once_where_we_talk(redis):
    provider = Provider()
    channel = telegram(provider)
    channel.attach(desk_on(redis))
    await channel.receive(command("/start@FaroTestBot", 18, chat=GROUP))
    await channel.receive(command("/start@OtherBot", 15, chat=GROUP))
    await channel.close()
    assert [params["chat_id"] for params in provider.said("sendMessage")] == ["-100200300"]


async def test_setting_up_tells_telegram_the_secret_and_what_we_want():
    provider = Provider()
    channel = telegram(provider)
    await channel.prepare()
    (given,) = provider.said("setWebhook")
    assert given["secret_token"] == BOT_SECRET
    assert given["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    await channel.close()
