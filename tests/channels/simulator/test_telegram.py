"""The provider end of Telegram, spoken to by python-telegram-bot."""

import contextlib

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken

from tests.channels.simulator.conftest import BOT_TOKEN, SECRET, WHO

CHAT = WHO.telegram
MENU = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="m:yes")]])


@contextlib.asynccontextmanager
async def bot_of(faro, token=BOT_TOKEN):
    base = f"{faro.base}/simulator/telegram"
    bot = Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot")
    await bot.request.initialize()
    yield bot
    await bot.request.shutdown()


@pytest.fixture
async def bot(faro):
    async with bot_of(faro) as made:
        yield made


def of_faro(event):
    return event["type"] == "message" and event["message"]["sender"] == "faro"


async def test_the_bot_knows_itself(bot):
    me = await bot.get_me()
    assert (me.is_bot, me.id) == (True, 7000000001)


async def test_a_wrong_token_is_refused(faro):
    async with bot_of(faro, "7000000001:wrong") as other:
        with pytest.raises(InvalidToken):
            await other.get_me()


async def test_html_becomes_entities_and_runs(faro, bot):
    async with faro.events() as following:
        await following()
        text = 'Hola <b>negrita <i>y más</i></b> &lt;3 <a href="https://example.org">aquí</a>'
        message = await bot.send_message(CHAT, text, parse_mode="HTML")
        shown = (await following(of_faro))["message"]
    assert message.text == "Hola negrita y más <3 aquí"
    assert message.parse_entities(["bold"]).popitem()[1] == "negrita y más"
    assert shown["runs"][2] == ["y más", ["bold", "italic"], ""]
    assert shown["runs"][-1] == ["aquí", ["text_link"], "https://example.org"]


@pytest.mark.parametrize(
    "text",
    ["<b>abierto", "a < b", "</b>", "<b><i>x</b></i>", "<h1>x</h1>", '<span class="x">a</span>'],
)
async def test_html_that_telegram_cannot_read_is_refused(bot, text):
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities"):
        await bot.send_message(CHAT, text, parse_mode="HTML")


@pytest.mark.parametrize(
    ("text", "why"),
    [(" ", "text is empty"), ("x" * 4097, "too long"), ("😀" * 2049, "too long")],
)
async def test_a_text_is_1_to_4096_utf_16_units(bot, text, why):
    with pytest.raises(BadRequest, match=why):
        await bot.send_message(CHAT, text)


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"text": "x", "callback_data": "ñ" * 33}, "[Bb]utton_data_invalid"),
        ({"text": "x"}, "unallowed"),
        ({"text": "x", "url": "example.org/a b"}, "[Ww]rong http url"),
    ],
)
async def test_a_bad_button_is_refused(bot, button, why):
    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await bot.send_message(
            CHAT, "x", api_kwargs={"reply_markup": {"inline_keyboard": [[button]]}}
        )


async def test_a_stranger_is_not_found(bot):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(12345, "x")


async def test_a_blocked_bot_is_told_so(faro, bot):
    await faro.send("telegram", block=True)
    update = Update.de_json(faro.hooks[0].json, bot)
    assert update.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(CHAT, "x")
    await faro.send("telegram", block=False)
    assert (await bot.send_message(CHAT, "x")).text == "x"


async def test_files_places_and_actions_arrive(faro, bot):
    async with faro.events() as following:
        await following()
        await bot.send_chat_action(CHAT, "typing")
        assert (await following())["type"] == "typing"
        photo = await bot.send_photo(CHAT, b"\xff\xd8\xff0", caption="<b>x</b>", parse_mode="HTML")
        url = (await following(of_faro))["message"]["media"]["url"]
        voice = await bot.send_voice(CHAT, "https://example.org/v.ogg")
        await bot.send_document(CHAT, "https://example.org/v.pdf")
        await bot.send_audio(CHAT, "https://example.org/v.mp3")
        place = await bot.send_location(CHAT, 14.1, -87.2)
    assert photo.caption == "x"
    assert photo.photo
    fetched = await faro.http.get(url)
    assert (fetched.content, fetched.headers["content-type"]) == (b"\xff\xd8\xff0", "image/jpeg")
    assert voice.voice.file_id
    assert place.location.latitude == 14.1


async def test_a_vote_in_a_quiz_reaches_us_and_shows_what_is_right(faro, bot):
    sent = await bot.send_poll(
        CHAT,
        "¿Sí?",
        ["Es verdad", "Es mito"],
        type="quiz",
        correct_option_ids=[1],
        is_anonymous=False,
    )
    await faro.send("telegram", choice="vote:0", message=str(sent.message_id))
    answer = Update.de_json(faro.hooks[0].json, bot).poll_answer
    assert (answer.poll_id, answer.option_ids, answer.user.id) == (sent.poll.id, (0,), CHAT)
    async with faro.events() as following:
        shown = (await following())["phones"]["telegram"]["messages"][0]
    assert shown["text"] == "¿Sí?\n❌ Es verdad\n✅ Es mito"
    assert shown["buttons"] == []


async def test_a_tap_waits_until_it_is_answered_and_only_once(faro, bot):
    sent = await bot.send_message(CHAT, "¿Sí?", reply_markup=MENU)
    await faro.send("telegram", choice="m:yes", message=str(sent.message_id))
    query = Update.de_json(faro.hooks[0].json, bot).callback_query
    assert (query.data, query.message.message_id) == ("m:yes", sent.message_id)
    async with faro.events() as following:
        hello = await following()
        buttons = hello["phones"]["telegram"]["messages"][0]["buttons"]
        assert buttons[0][0]["waiting"]
        assert await query.answer()
        assert "waiting" not in (await following(of_faro))["message"]["buttons"][0][0]
    with pytest.raises(BadRequest, match="too old"):
        await query.answer()


async def test_a_button_that_is_not_there_cannot_be_tapped(faro, bot):
    await bot.send_message(CHAT, "¿Sí?", reply_markup=MENU)
    assert (await faro.send("telegram", choice="m:no")).status_code == 409
    assert faro.hooks == []


async def test_buttons_can_be_taken_away_once(bot):
    sent = await bot.send_message(CHAT, "¿Sí?", reply_markup=MENU)
    edited = await sent.edit_reply_markup(None)
    assert edited.reply_markup is None
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_reply_markup(None)
    with pytest.raises(BadRequest, match="not found"):
        await bot.edit_message_reply_markup(CHAT, 1)


async def test_keys_below_the_input_are_shown(faro, bot):
    keys = ReplyKeyboardMarkup([[KeyboardButton("Mi ubicación", request_location=True)]])
    async with faro.events() as following:
        await following()
        await bot.send_message(CHAT, "x", reply_markup=keys)
        shown = (await following(of_faro))["message"]
    assert shown["keyboard"] == [[{"title": "Mi ubicación", "location": True}]]


async def test_commands_are_kept_per_language(faro, bot):
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("inicio", "Empezar")], language_code="es")
    assert (await faro.http.get("/simulator/commands/es")).json()[0]["command"] == "inicio"
    assert (await faro.http.get("/simulator/commands/fr")).json()[0]["command"] == "start"
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Mal", "x")])


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"text": "hola"}, "text"),
        ({"voice": True}, "voice"),
        ({"image": True}, "photo"),
        ({"location": [14.1, -87.2]}, "location"),
        ({"sticker": "👍"}, "sticker"),
    ],
)
async def test_what_a_person_sends_is_an_update_with_the_secret(faro, bot, what, field):
    answer = await faro.send("telegram", **what)
    (hook,) = faro.hooks
    assert hook.headers["x-telegram-bot-api-secret-token"] == SECRET
    update = Update.de_json(hook.json, bot)
    assert answer.json() == {"id": str(update.update_id), "status": 200, "waiting": False}
    assert getattr(update.message, field)
    assert update.message.from_user.id == update.message.chat.id == CHAT


async def test_a_command_is_marked_as_one(faro, bot):
    await faro.send("telegram", command="/start es")
    message = Update.de_json(faro.hooks[0].json, bot).message
    assert message.parse_entities(["bot_command"]).popitem()[1] == "/start"


async def test_a_file_that_a_person_sent_can_be_fetched(faro, bot):
    await faro.send("telegram", voice=True)
    voice = Update.de_json(faro.hooks[0].json, bot).message.voice
    file = await bot.get_file(voice.file_id)
    assert bytes(await file.download_as_bytearray()).startswith(b"OggS")
    with pytest.raises(BadRequest):
        await bot.get_file("unknown")


async def test_without_a_webhook_updates_wait_to_be_fetched(faro, bot):
    with pytest.raises(Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    assert (await faro.send("telegram", text="hola")).json()["waiting"]
    (update,) = await bot.get_updates(timeout=1)
    assert update.message.text == "hola"
    assert await bot.get_updates(offset=update.update_id + 1, timeout=0) == ()
    assert await bot.set_webhook(f"{faro.base}/webhooks/telegram/other", secret_token="new")
    await faro.send("telegram", text="hola")
    assert faro.hooks[0].path == "/webhooks/telegram/other"
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_webhook_needs_https_and_leads_to_us(bot):
    with pytest.raises(BadRequest, match=r"(?i)https"):
        await bot.set_webhook("http://example.org/hook")
    with pytest.raises(BadRequest, match="resolve host"):
        await bot.set_webhook("https://example.org/hook")


async def test_too_fast_is_told_when_to_come_back(faro, bot):
    url = f"/simulator/telegram/bot{BOT_TOKEN}/sendMessage"
    for _ in range(25):
        answer = await faro.http.post(url, json={"chat_id": CHAT, "text": "x"})
    assert answer.status_code == 429
    assert answer.json()["parameters"]["retry_after"] == 1


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("setMyCommands", {"commands": ["x"]}),
        ("getUpdates", {"offset": "x"}),
        ("sendMessage", {"chat_id": CHAT, "text": "x", "reply_markup": []}),
        ("sendMessage", {"chat_id": CHAT, "text": "x", "reply_markup": {"inline_keyboard": [1]}}),
        ("sendMessage", {"chat_id": CHAT, "text": "x", "parse_mode": "MarkdownV2"}),
        ("sendMessage", {"text": "x"}),
        ("sendLocation", {"chat_id": CHAT, "latitude": "north"}),
        ("sendPoll", {"chat_id": CHAT, "question": "", "options": ["a", "b"]}),
        ("sendPoll", {"chat_id": CHAT, "question": "x", "options": ["a"]}),
        ("sendPoll", {"chat_id": CHAT, "question": "x", "options": ["a", "b"], "type": "quiz"}),
        ("sendPhoto", {"chat_id": CHAT, "photo": "no address"}),
        ("sendChatAction", {"chat_id": CHAT, "action": "dancing"}),
        ("editMessageReplyMarkup", {"chat_id": CHAT, "message_id": "x"}),
    ],
)
async def test_a_senseless_call_is_a_bad_request(faro, bot, method, params):
    await bot.delete_webhook()
    answer = await faro.http.post(f"/simulator/telegram/bot{BOT_TOKEN}/{method}", json=params)
    assert answer.status_code == 400
    assert answer.json()["description"].startswith("Bad Request: ")


async def test_an_unknown_method_is_not_found(faro):
    answer = await faro.http.post(f"/simulator/telegram/bot{BOT_TOKEN}/sendMoney", json={})
    assert (answer.status_code, answer.json()["error_code"]) == (404, 404)
