"""What Telegram sends us and what we send it, as tables."""

import asyncio
import json
from dataclasses import replace

import pytest

from bot.messages import Choice, InboundMessage, Location, Media, OutboundMessage, Quiz
from bot.privacy import user_ref
from bot.runtime.erasing import erase
from bot.runtime.polls import remember, resolved
from channels.base import Webhook
from tests.channels.harness import (
    BOT_SECRET,
    PSEUDONYM_KEY,
    Incoming,
    Outgoing,
    Provider,
    desk_on,
    events_in,
    give_address,
    messages_in,
    reply,
    send,
    sender_on,
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
SOMEBODY = user_ref(PSEUDONYM_KEY, "telegram", "5550001")
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


def vote(*options):
    return update(
        poll_answer={
            "poll_id": "5151",
            "user": PERSON,
            "option_ids": list(options),
            "option_persistent_ids": [str(o) for o in options],
        }
    )


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
    Incoming("a vote", vote(1), message={"kind": "choice", "payload": "poll:5151", "args": "1", "text": ""}),
    Incoming("a vote taken back", vote()),
    Incoming("the stop button", tap("consent:stop"), events=("consent.opt_out",)),
]  # fmt: skip

SAY = "sendMessage"
FACT_OR_MYTH = (Choice("Es verdad", "g:quiz.fine.fact"), Choice("Es mito", "g:quiz.fine.myth"))
OUTGOING = [
    Outgoing("formatted text", OutboundMessage("**Enpòtan**: _jodi a_ <"), [(SAY, {"chat_id": 5550001, "text": "<b>Enpòtan</b>: <i>jodi a</i> &lt;", "parse_mode": "HTML"})]),
    Outgoing("marks of other networks are text", OutboundMessage("a_b*c[d](e)~`>#"), [(SAY, {"text": "a_b*c[d](e)~`&gt;#"})]),
    Outgoing("two short buttons in a row", OutboundMessage("Ou dakò?", (Choice("Wi", "m:1"), Choice("Non", "m:2"))), [(SAY, {"reply_markup": {"inline_keyboard": [[{"text": "Wi", "callback_data": "m:1"}, {"text": "Non", "callback_data": "m:2"}]]}})]),
    Outgoing("a bad link is dropped", OutboundMessage("Gade", (Choice("a", "", url="http://localhost/k"), Choice("d", "", url="https://example.org/ok"))), [(SAY, {"text": "Gade", "reply_markup": {"inline_keyboard": [[{"text": "d", "url": "https://example.org/ok"}]]}})]),
    Outgoing("a short text is the caption", OutboundMessage("Tande", media=(Media("voice", "https://e.org/v.ogg"),)), [("sendVoice", {"voice": "https://e.org/v.ogg", "caption": "Tande"})]),
    Outgoing("a long text goes first", OutboundMessage("c" * 1100, media=(Media("voice", "https://e.org/v.ogg"),)), [(SAY, {}), ("sendVoice", {"caption": None})]),
    Outgoing("a place", OutboundMessage("La", location=Location(1.0, 2.0)), [(SAY, {"text": "La"}), ("sendLocation", {"latitude": 1.0})]),
    Outgoing("a quiz is Telegram's own", OutboundMessage("Te digo.\n\n«Es gratis.»", FACT_OR_MYTH, quiz=Quiz("«Es gratis.»", 1)), [(SAY, {"text": "Te digo.", "reply_markup": None}), ("sendPoll", {"question": "«Es gratis.»", "options": ["Es verdad", "Es mito"], "type": "quiz", "correct_option_ids": [1], "is_anonymous": False})]),
    Outgoing("a quiz alone", OutboundMessage("«Es gratis.»", FACT_OR_MYTH, quiz=Quiz("«Es gratis.»", 0)), [("sendPoll", {"question": "«Es gratis.»"})]),
    Outgoing("a question too long for a quiz", OutboundMessage("a" * 301, FACT_OR_MYTH, quiz=Quiz("a" * 301, 0)), [(SAY, {"text": "a" * 301})]),
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
    calls = telegram(quizzes=True).encode("5550001", case.message)
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


POLL = {"id": "5151", "question": "x", "options": [], "total_voter_count": 0, "is_closed": False,
        "is_anonymous": False, "type": "quiz", "allows_multiple_answers": False,
        "allows_revoting": False, "members_only": False}  # fmt: skip
QUIZ = OutboundMessage("«Es gratis.»", FACT_OR_MYTH, quiz=Quiz("«Es gratis.»", 1))


async def sent_quiz(redis, *script):
    """Send a quiz to a person; return what Telegram was asked."""
    provider = Provider(*script)
    sender = sender_on(redis, telegram=telegram(provider, quizzes=True))
    await give_address(redis, "5550001", SOMEBODY)
    await send(redis, sender, reply("telegram", QUIZ, "telegram:1:0", SOMEBODY))
    return provider


async def test_an_answer_to_a_quiz_is_the_choice_it_stands_for(redis):
    sent = {"message_id": 7, "date": 1, "chat": PRIVATE, "poll": POLL}
    await sent_quiz(redis, {"method": "sendPoll", "json": {"ok": True, "result": sent}})
    voted = InboundMessage("telegram", SOMEBODY, "9", "choice", payload="poll:5151", args="1")
    assert (await resolved(redis, voted)).payload == "g:quiz.fine.myth"
    for strange in (replace(voted, args="5"), replace(voted, payload="poll:1")):
        assert (await resolved(redis, strange)).kind == "command"
    await erase(redis, SOMEBODY)
    assert (await resolved(redis, voted)).kind == "command"


async def test_an_answer_that_is_quicker_than_our_note_of_the_poll_still_counts(redis):
    voted = InboundMessage("telegram", SOMEBODY, "9", "choice", payload="poll:5151", args="0")
    early = asyncio.create_task(resolved(redis, voted))
    await asyncio.sleep(0.05)
    await remember(redis, SOMEBODY, "5151", ["g:quiz.fine.fact", "g:quiz.fine.myth"])
    assert (await early).payload == "g:quiz.fine.fact"


async def test_where_no_quiz_is_taken_it_comes_with_buttons(redis):
    refused = {"ok": False, "error_code": 400, "description": "Bad Request: polls not allowed"}
    provider = await sent_quiz(redis, {"method": "sendPoll", "status": 400, "json": refused})
    (said,) = provider.said("sendMessage")
    assert said["text"] == "«Es gratis.»"
    assert "g:quiz.fine.myth" in json.dumps(said["reply_markup"])


async def test_a_quiz_has_buttons_where_telegrams_own_is_switched_off():
    (call,) = telegram().encode("5550001", QUIZ)
    assert call.method == "sendMessage"
    assert "poll_answer" not in telegram().updates
    assert "poll_answer" in telegram(quizzes=True).updates
