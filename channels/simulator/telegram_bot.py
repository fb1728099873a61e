"""One simulated bot at Telegram: what it has sent and taken, and to whom it may write."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Any

from channels.simulator import telegram_html, telegram_markup
from channels.simulator.config import Config
from channels.simulator.exchange import Bubble, Exchange, Phone
from channels.simulator.kept import Kept
from channels.simulator.people import is_simulated
from channels.simulator.postman import Postman
from channels.simulator.samples import File, Files
from channels.simulator.telegram_errors import TelegramRefusal, bad
from channels.simulator.telegram_updates import Updates

KEPT = 5000  # messages and button taps
VOTE = "vote:"  # behind an option of a poll: followed by its number
PER_SECOND, PER_CHAT, CHAT_SECONDS = 30, 20, 5.0


class Bot:
    """The state behind the Bot API; ``telegram_methods`` are the calls."""

    def __init__(
        self, config: Config, exchange: Exchange, postman: Postman, kept: Kept | None = None
    ) -> None:
        self.config = config
        self.exchange = exchange
        self.updates = Updates(config, postman)
        self.files = Files()
        self.paths: OrderedDict[str, tuple[str, File]] = OrderedDict()  # what people sent
        self.messages: OrderedDict[tuple[int, int], dict[str, Any]] = OrderedDict()
        self.taps: OrderedDict[str, tuple[Bubble, float]] = OrderedDict()
        self.kept = kept or Kept()
        self.commands: dict[str, list[dict[str, str]]] = self.kept.get("commands")
        self._sent: dict[int, deque[float]] = {}
        # A message's number means the same message for ever, so numbers go on after a restart.
        self._number = int(time.time())
        token = config.telegram_token
        self.id = int(token.partition(":")[0]) if token.partition(":")[0].isdigit() else 0
        self.me = {
            "id": self.id,
            "is_bot": True,
            "first_name": "Faro",
            "username": "FaroSimulatorBot",
        }

    def commands_in(self, language: str) -> list[dict[str, str]]:
        """Return the commands shown to somebody with this language."""
        return self.commands.get(language) or self.commands.get("") or []

    def message_number(self) -> int:
        self._number += 1
        return self._number

    def remember(self, message: dict[str, Any]) -> None:
        self.messages[message["chat"]["id"], message["message_id"]] = message
        while len(self.messages) > KEPT:
            self.messages.popitem(last=False)

    def poll(self, question: str, options: list[str], right: list[int]) -> dict[str, Any]:
        """Return a new quiz as Telegram describes it."""
        return {
            "id": str(secrets.randbits(62)),
            "question": question,
            "options": [
                {"text": text, "voter_count": 0, "persistent_id": f"{number}"}
                for number, text in enumerate(options)
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": False,
            "type": "quiz",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
            "correct_option_ids": right,
        }

    def voted(self, phone: Phone, below: Bubble, poll: Mapping[str, Any], option: int) -> None:
        """Show on the phone what Telegram shows after a vote: what was taken, what is right."""
        lines = [poll["question"]]
        for number, each in enumerate(poll["options"]):
            right, taken = number in poll["correct_option_ids"], number == option
            lines.append(f"{'✅' if right else '❌' if taken else '▫️'} {each['text']}")
        marked = telegram_html.plain("\n".join(lines))
        below.text, below.runs, below.buttons = marked.text, marked.runs, []
        self.exchange.show(phone, below)

    def phone(self, params: Mapping[str, Any], counted: bool = True) -> Phone:
        """Return whose phone a call is for; raise ``TelegramRefusal`` where Telegram would."""
        chat = str(params.get("chat_id") or "")
        if not chat:
            raise bad("chat_id is empty")
        if not is_simulated("telegram", chat):
            raise bad("chat not found")
        phone = self.exchange.phone("telegram", chat)
        if phone.opted_out:
            raise TelegramRefusal(403, "bot was blocked by the user")
        if counted:
            self._keep_pace(int(chat))
        return phone

    def _keep_pace(self, chat: int) -> None:
        now = time.monotonic()
        for key, most, seconds in ((0, PER_SECOND, 1.0), (chat, PER_CHAT, CHAT_SECONDS)):
            times = self._sent.setdefault(key, deque())
            while times and now - times[0] > seconds:
                times.popleft()
            if len(times) >= most:
                raise TelegramRefusal(429, "retry after 1", retry_after=1)
            times.append(now)
        if len(self._sent) > KEPT:
            self._sent = {key: times for key, times in self._sent.items() if times}

    def show(
        self,
        phone: Phone,
        params: Mapping[str, Any],
        text: telegram_html.Formatted,
        content: dict[str, Any],
        media: dict[str, Any] | None = None,
        location: dict[str, Any] | None = None,
        poll: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        markup = telegram_markup.read(params.get("reply_markup"))
        number, at = self.message_number(), time.time()
        chat = {"id": int(phone.address), "type": "private", "first_name": "Persona"}
        message = {"message_id": number, "from": self.me, "chat": chat, "date": int(at), **content}
        words, entities = ("caption", "caption_entities") if media else ("text", "entities")
        if text.text and not poll:
            message[words] = text.text
        if text.entities:
            message[entities] = text.entities
        if markup.inline:
            message["reply_markup"] = params["reply_markup"]
        self.remember(message)
        bubble = Bubble(
            id=str(number),
            channel="telegram",
            sender="faro",
            at=at,
            kind="location" if location else (media or {}).get("type", "text"),
            text=text.text,
            runs=text.runs,
            buttons=_options(poll) if poll else markup.inline,
            keyboard=markup.keyboard,
            media=media,
            location=location,
            status="delivered",
        )
        self.exchange.show(phone, bubble)
        return message

    def chat_of(self, bubble: Bubble) -> str:
        number = int(bubble.id)
        return next((str(chat) for chat, message in self.messages if message == number), "0")


def _options(poll: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the options of a poll as what can be tapped, one below the other."""
    return [
        [{"title": option["text"], "payload": f"{VOTE}{number}", "url": ""}]
        for number, option in enumerate(poll["options"])
    ]
