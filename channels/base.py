"""What every channel is: the contract.

``Channel`` has the shape of ``rasa.core.channels.channel.InputChannel`` without importing it:
Rasa only asks for the methods, and importing its channel package costs seconds and 150 MB in a
process that does nothing but take webhooks. A contract test compares the two.

Who handles which error: ``verify`` and ``parse`` raise ``RequestError`` for a request that is
refused; ``encode`` and ``deliver`` raise ``SendError``, on which the sender acts. An adapter never
retries, waits, or touches the store.
"""

from __future__ import annotations

import abc
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import settings
from bot.messages import Attachment, OutboundMessage
from bot.runtime import metrics
from bot.runtime.desk import Receipt, Received
from bot.runtime.events import Event
from channels.errors import FileError, RequestError, SendError
from channels.reception import Reception
from channels.webhook import MAX_BODY, Answer, Call, Webhook, as_webhook, public_url

if TYPE_CHECKING:
    from bot.runtime.desk import Desk

logger = logging.getLogger(__name__)

# What one request may contain. A ``Call`` is made at once, and only if what came before it in
# the list was new (a tapped button is acknowledged once); an ``Event`` is noted.
Parsed = Received | Receipt | Event | Call


class Channel(abc.ABC):
    """One network. An adapter fulfils ``verify``, ``parse``, ``encode`` and ``deliver``."""

    off: str = ""  # why the channel takes and sends nothing; "" when it works
    accepted: ClassVar[Answer] = Answer(200)
    accepted_as: ClassVar[str] = "sent"  # state of a message that the provider took
    reply_window: ClassVar[float | None] = None  # seconds after a message in which we may reply
    typing_after: ClassVar[float | None] = None  # seconds until we show that we are at it
    typing_every: ClassVar[float | None] = None  # seconds between two such signs; None: only one
    keeps_receipts: ClassVar[bool] = False  # the provider reports later what became of a message

    def __init__(self, limits: Mapping[str, Any] | None, pseudonym_key: str | None = None) -> None:
        self.limits: dict[str, Any] = dict(limits or {})
        self._pseudonym_key = pseudonym_key
        self._desk: Desk | None = None
        self.reception = Reception(self)

    # -- what an adapter fulfils -------------------------------------------------------------

    @classmethod
    @abc.abstractmethod
    def name(cls) -> str:
        """Return "sms", "whatsapp" or "telegram"."""

    @classmethod
    @abc.abstractmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Channel:
        """Build the channel from its block in ``credentials.yml`` (limits) and the settings."""

    @abc.abstractmethod
    def routes(self) -> Sequence[str]:
        """Return the paths below the channel's prefix at which the provider calls."""

    @abc.abstractmethod
    def verify(self, hook: Webhook) -> None:
        """Raise ``RequestError`` unless the provider itself sent this."""

    @abc.abstractmethod
    def parse(self, hook: Webhook) -> list[Parsed]:
        """Return what a verified request contains; raise ``RequestError`` if it is unusable."""

    @abc.abstractmethod
    def encode(self, address: str, message: OutboundMessage) -> list[Call]:
        """Return the calls that say ``message``, in order; raise ``SendError`` if none can."""

    @abc.abstractmethod
    async def deliver(self, call: Call, reference: str = "") -> str:
        """Make one call and return the provider's id; raise ``SendError``.

        ``reference`` is our own id of this part, which the provider gives back in receipts.
        """

    def poll_of(self, provider_id: str) -> str:
        """Return the id of the native poll in a message of ours, "" if it holds none."""
        return ""

    async def find(self, call: Call, since: float) -> list[str] | None:
        """Look up a call whose outcome we do not know, made at or after ``since`` (s since 1970).

        Return the provider's ids of messages that may be it, newest first; none if it was
        never taken. Return None if the provider cannot be asked.
        """
        return None

    async def fetch(self, attachment: Attachment) -> bytes:
        """Return a file that a person sent; raise ``FileError`` if it is not fit to be used."""
        raise FileError("this channel gives no files")

    async def erase(self, provider_id: str) -> None:
        """Delete a message that was received or sent at the provider; raise ``SendError``.

        Nothing by default: the network keeps its copy, and the receipt of an erasure says
        that people delete the chat on their phone.
        """
        return

    async def typing(self, address: str, answers: str) -> None:
        """Show that an answer is on its way, where the network can; never raise ``SendError``."""
        return

    async def prepare(self) -> None:
        """Set up at the provider what sending needs (webhook, commands, menus); safe to repeat."""
        return

    async def warm_up(self) -> None:
        """Make at the provider what a message needs, if it is missing; called by the sender."""
        return

    async def close(self) -> None:
        """Finish what is under way and close connections."""
        await self.reception.close()

    # -- Rasa's InputChannel -----------------------------------------------------------------

    def url_prefix(self) -> str:
        return self.name()

    def get_output_channel(self) -> None:
        """Replies leave by the outbox, so Rasa has no channel to write to."""
        return

    def get_metadata(self, request: Request) -> dict[str, Any] | None:
        """Return nothing: metadata lands in the tracker, where no address may be."""
        return None

    def blueprint(self, on_new_message: Callable[[Any], Awaitable[Any]] | None) -> Blueprint:
        """Return the webhook routes. ``on_new_message`` is Rasa's; we hand to the desk instead."""
        routes = Blueprint(f"{self.name()}_webhook")

        async def webhook(request: Request) -> HTTPResponse:
            answer = await self.receive(await as_webhook(request))
            return response.text(answer.body, answer.status, content_type=answer.content_type)

        for path in self.routes():
            name = f"webhook_{path.strip('/')}"
            routes.add_route(webhook, path, methods=["POST"], stream=True, name=name)

        @routes.listener("before_server_start")
        async def find_desk(app: Any, loop: Any) -> None:
            if not self.attached and not self.off:
                from bot.runtime import connect  # only a process without a desk needs it

                desk: Any = connect.desk()
                self.attach(await desk if inspect.isawaitable(desk) else desk)

        return routes

    # -- the shell around a webhook ----------------------------------------------------------

    def attach(self, desk: Desk) -> None:
        """Say whom to hand messages to."""
        self._desk = desk

    @property
    def attached(self) -> bool:
        return self._desk is not None

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            raise RuntimeError(f"no desk attached to channel {self.name()}")
        return self._desk

    async def receive(self, hook: Webhook) -> Answer:
        """Take one webhook and return what to answer; everything is stored before a 2xx."""
        began = time.perf_counter()
        answer = await self._receive(hook)
        metrics.ACKNOWLEDGED.labels(self.name()).observe(time.perf_counter() - began)
        if answer.status >= 400:
            metrics.REFUSED.labels(self.name(), answer.status).inc()
        return answer

    async def _receive(self, hook: Webhook) -> Answer:
        try:
            self._admit(hook)
            self.verify(hook)
            parsed = self.parse(hook)
        except RequestError as error:
            await self.reception.refuse(error)
            return Answer(error.status)
        except Exception as error:  # noqa: BLE001 - no request may end in a fault of ours
            logger.error("channel.unreadable channel=%s error=%s", self.name(), repr(type(error)))
            return Answer(400)
        return self.accepted if await self.reception.take(parsed) else Answer(503)

    def pseudonym_key(self) -> str:
        """Return the key behind people's pseudonyms, read when first needed."""
        if self._pseudonym_key is None:
            self._pseudonym_key = settings.secret_keys().pseudonym
        return self._pseudonym_key

    def _admit(self, hook: Webhook) -> None:
        if self.off:
            raise RequestError("channel off", 503)
        if hook.method != "POST":
            raise RequestError("method", 405)
        if len(hook.body) > MAX_BODY:
            raise RequestError("too large", 413)

    async def fresh(self, received: Received) -> bool:
        """Return False for what the network repeats under a new id (a double tap)."""
        return True

    def failure(self, code: str) -> SendError:
        """Return what it means that the provider reports a message as failed with ``code``."""
        return SendError("not delivered", code)


__all__ = ["Answer", "Call", "Channel", "Parsed", "Webhook", "public_url"]
