"""The methods of the Bot API that Faro calls, refusing what Telegram refuses.

https://core.telegram.org/bots/api#available-methods
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from bot.text import utf16_units
from channels.simulator import telegram_html, telegram_markup
from channels.simulator.provider import is_web_address
from channels.simulator.samples import File, type_of
from channels.simulator.telegram_bot import Bot
from channels.simulator.telegram_errors import bad, whole

LONGEST, CAPTION = 4096, 1024
LANGUAGES = 100  # with commands of their own
TAP_FOR = 60.0  # seconds in which a tap can be answered
TYPING = 5
QUESTION, OPTION, OPTIONS = 300, 100, (2, 12)  # of a poll
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_FILES = {"photo": "image", "voice": "voice", "audio": "voice", "document": "document"}


class Methods:
    """Named as Telegram names them; each takes a call's parameters and returns its result."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def getMe(self, params: Mapping[str, Any]) -> Any:
        more = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return {**self._bot.me, **dict.fromkeys(more, False)}

    def sendMessage(self, params: Mapping[str, Any]) -> Any:
        phone = self._bot.phone(params)
        text = _formatted(params, "text")
        if not text.text.strip():
            raise bad("message text is empty")
        if utf16_units(text.text) > LONGEST:
            raise bad("message is too long")
        return self._bot.show(phone, params, text, {})

    def sendPhoto(self, params: Mapping[str, Any]) -> Any:
        return self._send_file(params, "photo")

    def sendVoice(self, params: Mapping[str, Any]) -> Any:
        return self._send_file(params, "voice")

    def sendAudio(self, params: Mapping[str, Any]) -> Any:
        return self._send_file(params, "audio")

    def sendDocument(self, params: Mapping[str, Any]) -> Any:
        return self._send_file(params, "document")

    def sendLocation(self, params: Mapping[str, Any]) -> Any:
        phone = self._bot.phone(params)
        try:
            lat, lon = float(params["latitude"]), float(params["longitude"])
        except (KeyError, TypeError, ValueError):
            raise bad("latitude and longitude must be numbers") from None
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise bad("wrong latitude or longitude specified")
        place = {"latitude": lat, "longitude": lon}
        shown = {"lat": lat, "lon": lon, "label": ""}
        return self._bot.show(
            phone, params, telegram_html.plain(""), {"location": place}, location=shown
        )

    def sendPoll(self, params: Mapping[str, Any]) -> Any:
        phone = self._bot.phone(params)
        question, options = str(params.get("question") or ""), params.get("options")
        if not 0 < utf16_units(question) <= QUESTION:
            raise bad("poll question must be non-empty and no longer than 300 characters")
        if not isinstance(options, list) or not OPTIONS[0] <= len(options) <= OPTIONS[1]:
            raise bad("poll must have at least 2 answer options")
        texts = [str(o.get("text") if isinstance(o, dict) else o) for o in options]
        if any(not 0 < utf16_units(text) <= OPTION for text in texts):
            raise bad("poll option must be non-empty and no longer than 100 characters")
        right = params.get("correct_option_ids")
        if not isinstance(right, list) or not all(n in range(len(texts)) for n in right):
            raise bad("wrong correct option ids specified")
        poll = self._bot.poll(question, texts, right)
        return self._bot.show(phone, {}, telegram_html.plain(question), {"poll": poll}, poll=poll)

    def sendChatAction(self, params: Mapping[str, Any]) -> Any:
        phone = self._bot.phone(params, counted=False)
        if params.get("action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        self._bot.exchange.tell(phone, {"type": "typing", "seconds": TYPING})
        return True

    def answerCallbackQuery(self, params: Mapping[str, Any]) -> Any:
        found = self._bot.taps.pop(str(params.get("callback_query_id")), None)
        if found is None or time.monotonic() - found[1] > TAP_FOR:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        bubble = found[0]
        for button in (button for row in bubble.buttons for button in row):
            button.pop("waiting", None)
        self._bot.exchange.show(
            self._bot.exchange.phone("telegram", self._bot.chat_of(bubble)), bubble
        )
        return True

    def editMessageReplyMarkup(self, params: Mapping[str, Any]) -> Any:
        phone = self._bot.phone(params, counted=False)
        key = int(phone.address), whole(params, "message_id")
        message = self._bot.messages.get(key)
        if message is None or message["from"]["id"] != self._bot.id:
            raise bad("message to edit not found")
        markup, raw = telegram_markup.read(params.get("reply_markup")), params.get("reply_markup")
        if (raw or None) == message.get("reply_markup"):
            raise bad(
                "message is not modified: specified new message content and reply markup are"
                " exactly the same as a current content and reply markup of the message"
            )
        message.pop("reply_markup", None)
        if markup.inline:
            message["reply_markup"] = raw
        bubble = phone.bubbles.get(str(key[1]))
        if bubble is not None:
            bubble.buttons = markup.inline
            self._bot.exchange.show(phone, bubble)
        return message

    def setMyCommands(self, params: Mapping[str, Any]) -> Any:
        commands = params.get("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad("can't parse bot commands list")
        for command in commands:
            if not isinstance(command, dict):
                raise bad("can't parse bot commands list")
            name, about = str(command.get("command", "")), str(command.get("description", ""))
            if not _COMMAND.fullmatch(name.lstrip("/")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(about) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self._bot.commands[str(params.get("language_code") or "")] = commands
        self._bot.kept.put("commands", self._bot.commands, LANGUAGES)
        return True

    def getMyCommands(self, params: Mapping[str, Any]) -> Any:
        return self._bot.commands.get(str(params.get("language_code") or ""), [])

    def deleteMyCommands(self, params: Mapping[str, Any]) -> Any:
        self._bot.commands.pop(str(params.get("language_code") or ""), None)
        return True

    def getFile(self, params: Mapping[str, Any]) -> Any:
        id_ = str(params.get("file_id") or "")
        if id_ not in self._bot.paths:
            raise bad("wrong file_id or the file is temporarily unavailable")
        path, file = self._bot.paths[id_]
        unique = {"file_id": id_, "file_unique_id": id_[-12:], "file_size": len(file.content)}
        return {**unique, "file_path": path}

    def setWebhook(self, params: Mapping[str, Any]) -> Any:
        return self._bot.updates.set_webhook(params)

    def deleteWebhook(self, params: Mapping[str, Any]) -> Any:
        return self._bot.updates.delete_webhook(params)

    def getWebhookInfo(self, params: Mapping[str, Any]) -> Any:
        return self._bot.updates.info()

    async def getUpdates(self, params: Mapping[str, Any]) -> Any:
        return await self._bot.updates.fetch(params)

    # -- parts -------------------------------------------------------------------------------

    def _send_file(self, params: Mapping[str, Any], field: str) -> Any:
        phone = self._bot.phone(params)
        file = params.get(field)
        caption = _formatted(params, "caption")
        if utf16_units(caption.text) > CAPTION:
            raise bad("message caption is too long")
        media: dict[str, Any] = {"type": _FILES[field]}
        if isinstance(file, bytes):
            id_ = self._bot.files.keep(File(file, type_of(file)))
            media["url"] = f"{self._bot.config.public_url}/simulator/media/{id_}"
        elif isinstance(file, str) and is_web_address(file):
            media["url"] = file
        else:
            raise bad(f"there is no {field} in the request")
        unique = secrets.token_hex(8)
        sent: Any = {"file_id": f"out-{unique}", "file_unique_id": unique}
        if field in ("voice", "audio"):
            sent["duration"] = whole(params, "duration")
        if field == "photo":
            sent = [{**sent, "width": 320, "height": 240}]
        return self._bot.show(phone, params, caption, {field: sent}, media=media)


def _formatted(params: Mapping[str, Any], name: str) -> telegram_html.Formatted:
    text, mode = str(params.get(name) or ""), str(params.get("parse_mode") or "")
    if mode.lower() == "html":
        return telegram_html.read(text)
    if mode:  # the simulator knows what Faro uses; Telegram knows two more
        raise bad("unsupported parse_mode")
    return telegram_html.plain(text)
