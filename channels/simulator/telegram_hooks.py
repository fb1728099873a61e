"""What a person does in Telegram, as the update that tells the bot.

https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from bot.text import utf16_units
from channels.simulator.people import Person
from channels.simulator.samples import File, sample
from channels.simulator.telegram_bot import KEPT, Bot

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]+)?(?=\s|$)")
_EXTENSION = {"voice": "oga", "image": "jpg", "sticker": "webp"}


def message(bot: Bot, person: Person, what: Mapping[str, Any]) -> dict[str, Any]:
    """Return the update for a message: text, command, voice, image, location or sticker."""
    text = str(what.get("command") or what.get("text") or "")
    made: dict[str, Any] = {
        "message_id": bot.message_number(),
        "from": user(person, what),
        "chat": {"id": person.telegram, "type": "private", "first_name": "Persona"},
        "date": int(time.time()),
    }
    if what.get("location"):
        lat, lon = what["location"]
        made["location"] = {"latitude": lat, "longitude": lon}
    elif what.get("voice"):
        made["voice"] = {**_file(bot, "voice"), "duration": 4, "mime_type": "audio/ogg"}
    elif what.get("image"):
        made["photo"] = [{**_file(bot, "image"), "width": 320, "height": 240}]
    elif what.get("sticker"):
        looks = {"type": "regular", "width": 128, "height": 128, "emoji": str(what["sticker"])}
        made["sticker"] = {
            **_file(bot, "sticker"),
            **looks,
            "is_animated": False,
            "is_video": False,
        }
    if text:
        captioned = "voice" in made or "photo" in made
        made["caption" if captioned else "text"] = text
        command = _COMMAND.match(text)
        if command and not captioned:
            length = utf16_units(command.group())
            made["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    bot.remember(made)
    return {"update_id": bot.updates.number(), "message": made}


def tap(bot: Bot, person: Person, what: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return the update for a tap on a button below message ``number``."""
    query: dict[str, Any] = {
        "id": str(secrets.randbits(62)),
        "from": user(person, what),
        "chat_instance": str(secrets.randbits(62)),
        "data": what["choice"],
    }
    below = bot.messages.get((person.telegram, number))
    if below is not None:
        query["message"] = below
    return {"update_id": bot.updates.number(), "callback_query": query}


def vote(
    bot: Bot, person: Person, what: Mapping[str, Any], poll: Mapping[str, Any], option: int
) -> dict[str, Any]:
    """Return the update for an option taken in a poll."""
    answer = {"poll_id": poll["id"], "user": user(person, what), "option_ids": [option]}
    answer["option_persistent_ids"] = [str(option)]
    return {"update_id": bot.updates.number(), "poll_answer": answer}


def membership(bot: Bot, person: Person, what: Mapping[str, Any]) -> dict[str, Any]:
    """Return the update for blocking the bot, or for unblocking it."""
    blocked = bool(what["block"])
    states = [
        {"user": bot.me, "status": "member"},
        {"user": bot.me, "status": "kicked", "until_date": 0},
    ]
    old, new = states if blocked else states[::-1]
    change = {
        "chat": {"id": person.telegram, "type": "private", "first_name": "Persona"},
        "from": user(person, what),
        "date": int(time.time()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    return {"update_id": bot.updates.number(), "my_chat_member": change}


def user(person: Person, what: Mapping[str, Any]) -> dict[str, Any]:
    """Return the person as Telegram describes them; the language is that of their app."""
    language = str(what.get("language") or "es")
    return {
        "id": person.telegram,
        "is_bot": False,
        "first_name": "Persona",
        "last_name": "de prueba",
        "username": f"prueba_{person.telegram}",
        "language_code": language,
    }


def _file(bot: Bot, kind: str) -> dict[str, Any]:
    file: File = sample(kind)
    id_ = "SIM" + secrets.token_urlsafe(24)
    bot.paths[id_] = (f"{kind}/file_{len(bot.paths)}_{id_[-6:]}.{_EXTENSION[kind]}", file)
    while len(bot.paths) > KEPT:
        bot.paths.popitem(last=False)
    return {"file_id": id_, "file_unique_id": id_[-12:], "file_size": len(file.content)}
