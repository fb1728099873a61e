"""Telegram's updates, turned into what we work with.

Read here and nowhere else. First name, last name and username are never looked at, and a
file's address is never asked for here: it would contain the bot's token.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    Message,
    PollAnswer,
    Update,
    User,
)

from bot.messages import Attachment, InboundMessage, Kind
from bot.privacy import user_ref
from bot.runtime.desk import Received
from bot.runtime.events import Event
from bot.runtime.polls import POLL
from bot.text import clean
from channels.base import Call, Parsed
from channels.telegram.parts import attachment_of, language_hint, location_of

CHANNEL = "telegram"
STOP = "consent:stop"
GROUP_START = "group"  # start payload of the link we leave in a group

_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?")


@dataclass(frozen=True)
class Reader:
    """Reads updates. ``commands`` maps every alias to its command."""

    key: str
    username: str = ""
    commands: Mapping[str, str] = field(default_factory=dict)

    def read(self, update: Update) -> list[Parsed]:
        """Return what an update contains; nothing for what is not for us."""
        provider_id = str(update.update_id)
        if update.callback_query:
            return self._tapped(update.callback_query, provider_id)
        if update.poll_answer:
            return self._voted(update.poll_answer, provider_id)
        if update.my_chat_member:
            return self._membership(update.my_chat_member, provider_id)
        if update.edited_message:
            return [Event("inbound.edited", {"channel": CHANNEL})]
        message = update.message
        if message is None:
            return []
        if message.migrate_to_chat_id:
            details = {"old": message.chat.id, "new": message.migrate_to_chat_id}
            return [Event("chat.migrated", details)]
        sender = message.from_user
        if sender is None or sender.is_bot or message.sender_chat is not None:
            return []
        if message.chat.type != Chat.PRIVATE:
            return self._in_group(message)
        return [Received(self._message(message, sender, provider_id), str(sender.id))]

    # -- the kinds of update -----------------------------------------------------------------

    def _message(self, message: Message, sender: User, provider_id: str) -> InboundMessage:
        text, flags = clean(message.text or message.caption or "")
        kind: Kind = "text"
        payload = args = None
        attachments: tuple[Attachment, ...] = ()
        place = location_of(message)
        command = self._command(message)
        if command:
            kind, text, (payload, args) = "command", "", command
        elif place:
            kind, text = "location", ""
        elif message.contact:
            kind, text = "contact", ""
            own = message.contact.user_id == sender.id
            flags = ("own_contact",) if own else ("other_contact",)
        elif message.sticker:
            text = clean(message.sticker.emoji or "")[0]
            kind = "text" if text else "unsupported"
        else:
            attachment, too_large = attachment_of(message)
            if attachment:
                kind, attachments = "media", (attachment,)
                flags = (*flags, "too_large") if too_large else flags
            elif not text:
                kind = "unsupported"
        answered = message.reply_to_message
        return self._inbound(
            sender,
            provider_id,
            kind=kind,
            text=text,
            payload=payload,
            args=args,
            attachments=attachments,
            location=place,
            reply_to=f"{message.chat.id}:{answered.message_id}" if answered else None,
            flags=(*flags, "forwarded") if message.forward_origin else flags,
        )

    def _tapped(self, query: CallbackQuery, provider_id: str) -> list[Parsed]:
        answer = Call("answerCallbackQuery", {"callback_query_id": query.id})
        if query.from_user.is_bot or not query.data:
            return [answer]
        chat = query.message.chat if query.message else None
        if chat is not None and chat.type != Chat.PRIVATE:
            return [answer]
        message = self._inbound(
            query.from_user,
            provider_id,
            kind="choice",
            payload=query.data,
            reply_to=f"{chat.id}:{query.message.message_id}" if chat and query.message else None,
        )
        address = str(query.from_user.id)
        if query.data == STOP:  # honoured whether or not we issued it
            event = _consent("consent.opt_out", "button", "campaign")
            stopped = Received(message, address, "stop", for_assistant=False, events=(event,))
            return [stopped, answer]
        return [Received(message, address), answer]

    def _voted(self, answer: PollAnswer, provider_id: str) -> list[Parsed]:
        """Return the option that was taken; nothing if the vote was taken back."""
        if answer.user is None or answer.user.is_bot or not answer.option_ids:
            return []
        option, poll = str(answer.option_ids[0]), f"{POLL}{answer.poll_id}"
        message = self._inbound(answer.user, provider_id, kind="choice", payload=poll, args=option)
        return [Received(message, str(answer.user.id))]

    def _membership(self, change: ChatMemberUpdated, provider_id: str) -> list[Parsed]:
        if change.chat.type != Chat.PRIVATE:  # added to a group: silence
            return []
        message = self._inbound(change.from_user, provider_id, kind="unsupported")
        address = str(change.from_user.id)
        if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
            event = _consent("consent.opt_out", "blocked bot", "channel")
            return [Received(message, address, "stop", for_assistant=False, events=(event,))]
        # Reachable again; campaigns stay off until the person asks for them.
        event = Event("channel.reachable", {"channel": CHANNEL})
        return [Received(message, address, for_assistant=False, events=(event,))]

    def _in_group(self, message: Message) -> list[Parsed]:
        """Leave the way to a private chat, when our own command was called; never a dialogue."""
        found = _COMMAND.match(message.text or "")
        if not found or not self.username or not _same(found[2] or "", self.username):
            return []
        link = f"👉 https://t.me/{self.username}?start={GROUP_START}"
        return [Call("sendMessage", {"chat_id": message.chat.id, "text": link})]

    # -- parts -------------------------------------------------------------------------------

    def _inbound(self, sender: User, provider_id: str, **parts: Any) -> InboundMessage:
        return InboundMessage(
            channel=CHANNEL,
            user_ref=user_ref(self.key, CHANNEL, str(sender.id)),
            provider_id=provider_id,
            language_hint=language_hint(sender.language_code),
            received_at=time.time(),
            **parts,
        )

    def _command(self, message: Message) -> tuple[str, str | None] | None:
        """Return our command and its argument; anything else that begins with "/" is text."""
        entities = message.entities or ()
        first = next((e for e in entities if e.type == "bot_command" and e.offset == 0), None)
        text = message.text or ""
        found = _COMMAND.fullmatch(text[: first.length]) if first else None
        if (
            first is None
            or not found
            or text[first.length : first.length + 1] not in ("", " ", "\n")
        ):
            return None
        named = found[2]
        if named and self.username and not _same(named, self.username):
            return None
        command = self.commands.get(found[1].lower())
        if command is None:
            return None
        argument = text[first.length :].strip()
        return command, argument if _START.fullmatch(argument) else None


def _consent(type_: str, evidence: str, scope: str) -> Event:
    return Event(type_, {"channel": CHANNEL, "scope": scope, "evidence": evidence})


def _same(left: str, right: str) -> bool:
    return left.lower() == right.lower()
