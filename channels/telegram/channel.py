"""Telegram as a channel: updates in by webhook or polling, calls out by the Bot API."""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from telegram import Update
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot import settings
from bot.messages import Attachment, OutboundMessage
from bot.runtime import keys
from bot.runtime.desk import Received
from bot.runtime.events import Event
from channels.base import Answer, Call, Channel, Parsed, Webhook, public_url
from channels.errors import FileError, RequestError, SendError
from channels.files import is_what_it_says, largest
from channels.telegram.api import Api, error_of
from channels.telegram.commands import Commands
from channels.telegram.inbound import Reader
from channels.telegram.outbound import PAGE, as_buttons, calls_for

HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
VOTES = "poll_answer"
_POLL = ":poll="  # in the id of a message of ours: before the id of its poll
DOUBLE_TAP = 5  # seconds in which a second tap on the same button is the first one's echo
CONNECTIONS = 40
ASK_EVERY = 60.0  # seconds between two attempts to learn our own name


class TelegramChannel(Channel):
    """One bot. ``secret`` empty: the bot polls, and no webhook is accepted."""

    typing_after: ClassVar[float | None] = 2.0
    typing_every: ClassVar[float | None] = 4.0

    def __init__(
        self,
        api: Api,
        *,
        token: str,
        secret: str,
        base_url: str,
        limits: Mapping[str, Any] | None = None,
        pseudonym_key: str | None = None,
        commands: Commands | None = None,
    ) -> None:
        super().__init__(limits, pseudonym_key)
        self.api = api
        self.off = "" if token else "TELEGRAM_TOKEN is not set"
        self.polls = bool(token) and not secret
        # Known to nobody: while we poll, a webhook that claims to be Telegram is refused.
        self.secret = secret or secrets.token_urlsafe(32)
        self.commands = commands or Commands.stored()
        # A quiz is asked as Telegram's own where that is switched on in credentials.yml.
        self.quizzes = bool(self.limits.get("quizzes"))
        self.updates = [*UPDATES, VOTES] if self.quizzes else [*UPDATES]
        self.username = str(self.limits.get("username") or "")
        self._base_url = base_url
        self._ask_again = 0.0

    @classmethod
    def name(cls) -> str:
        return "telegram"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramChannel:
        token = settings.get("TELEGRAM_TOKEN")
        timeout = float((credentials or {}).get("timeout_seconds", 20))
        return cls(
            Api(token, settings.get("TELEGRAM_API_URL"), timeout),
            token=token,
            secret=settings.get("TELEGRAM_SECRET"),
            base_url=public_url(),
            limits=credentials,
        )

    async def receive(self, hook: Webhook) -> Answer:
        if not self.username and not self.off and self._ask_again < time.monotonic():
            # Beside the request, and not for every update: only commands in groups need it.
            self._ask_again = time.monotonic() + ASK_EVERY
            self.reception.beside(self.learn_username_quietly())
        return await super().receive(hook)

    def routes(self) -> Sequence[str]:
        return ("/hook",)

    def verify(self, hook: Webhook) -> None:
        if not hmac.compare_digest(hook.header(HEADER).encode(), self.secret.encode()):
            raise RequestError("bad secret", 403)

    def parse(self, hook: Webhook) -> list[Parsed]:
        # Anything but a 2xx makes Telegram send the same update for ever, so what we cannot
        # read is logged and taken.
        try:
            raw = json.loads(hook.body)
            update = Update.de_json(raw)
            return Reader(self.pseudonym_key(), self.username, self.commands.aliases).read(update)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return [Event("inbound.unreadable", {"channel": self.name()})]

    def encode(self, address: str, message: OutboundMessage) -> list[Call]:
        shown = message if self.quizzes else replace(message, quiz=None)
        return calls_for(address, shown, int(self.limits.get("page", PAGE)))

    async def deliver(self, call: Call, reference: str = "") -> str:
        try:
            made = await self._make(call)
        except TelegramError as error:
            raise error_of(error) from error
        number = getattr(made, "message_id", None)
        if number is None:
            return ""
        poll = getattr(made, "poll", None)
        return f"{call.params['chat_id']}:{number}" + (f"{_POLL}{poll.id}" if poll else "")

    def poll_of(self, provider_id: str) -> str:
        return provider_id.partition(_POLL)[2]

    async def _make(self, call: Call) -> Any:
        """Make a call; once more if Telegram says how it would have been right."""
        try:
            return await self.api.make(call)
        except ChatMigrated as error:
            moved = replace(call, params={**call.params, "chat_id": error.new_chat_id})
            return await self.api.make(moved)
        except BadRequest as error:
            if call.method == "sendPoll":
                return await self.api.make(as_buttons(call))
            if "can't parse entities" not in error.message.lower():
                raise
            bare = {name: value for name, value in call.params.items() if name != "parse_mode"}
            return await self.api.make(Call(call.method, bare))

    async def fetch(self, attachment: Attachment) -> bytes:
        if not attachment.ref or not largest(attachment.mime):
            raise FileError("nothing to get")
        try:
            content = await self.api.read(attachment.ref)
        except TelegramError as error:
            raise FileError(type(error).__name__) from error
        if len(content) > largest(attachment.mime):
            raise FileError("too large")
        if not is_what_it_says(attachment.mime, content):
            raise FileError("not the type it claims to be")
        return content

    async def typing(self, address: str, answers: str) -> None:
        with contextlib.suppress(SendError):  # the answer itself is what matters
            await self.deliver(
                Call("sendChatAction", {"chat_id": int(address), "action": "typing"})
            )

    async def prepare(self) -> None:
        """Tell Telegram where to call, and which commands people see; learn our own name."""
        await self.learn_username()
        if not self.polls:
            hook = {
                "url": f"{self._base_url}/webhooks/{self.name()}/hook",
                "secret_token": self.secret,
                "allowed_updates": self.updates,
                "max_connections": int(self.limits.get("max_connections", CONNECTIONS)),
                "drop_pending_updates": False,
            }
            await self.deliver(Call("setWebhook", hook))
        for call in self.commands.calls():
            await self._set_commands(call)

    async def _set_commands(self, call: Call) -> None:
        """Change the menu of one language, if it is not so already."""
        where = {k: v for k, v in call.params.items() if k == "language_code"}
        try:
            shown = await self.api.make(Call("getMyCommands", where))
        except TelegramError as error:
            raise error_of(error) from error
        if [(c.command, c.description) for c in shown] != call.params["commands"]:
            await self.deliver(call)

    async def learn_username(self) -> None:
        """Ask Telegram for our own name, unless ``credentials.yml`` says it."""
        if self.username:
            return
        try:
            self.username = (await self.api.make(Call("getMe", {}))).username or ""
        except TelegramError as error:
            raise error_of(error) from error

    async def learn_username_quietly(self) -> None:
        """The same without an error: only commands that name their bot need it."""
        with contextlib.suppress(SendError):
            await self.learn_username()

    async def close(self) -> None:
        await super().close()
        await self.api.close()

    async def fresh(self, received: Received) -> bool:
        message = received.message
        if message.kind != "choice" or not message.reply_to:
            return True
        button = f"{message.reply_to}:{message.payload}"
        key = keys.tap(message.user_ref, button)
        if await self.desk.redis.set(key, message.provider_id, nx=True, ex=DOUBLE_TAP):
            return True
        # Not a second tap but the same update again, because we could not store it before.
        return bool(await self.desk.redis.get(key) == message.provider_id.encode())
