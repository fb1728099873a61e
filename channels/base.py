"""What every channel is: the contract, and the shell around a webhook that all of them share.

``Channel`` has the shape of ``rasa.core.channels.channel.InputChannel`` without importing it:
Rasa only asks for the methods, and importing its channel package costs seconds and 150 MB in a
process that does nothing but take webhooks. A contract test compares the two.
"""

from __future__ import annotations

import abc
import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Union

from redis.exceptions import RedisError
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import settings
from bot.messages import InboundMessage, OutboundMessage
from bot.runtime.desk import Receipt, Received
from bot.runtime.events import Event
from channels import receipts
from channels.errors import RequestError, SendError

if TYPE_CHECKING:
    from bot.runtime.desk import Desk

logger = logging.getLogger(__name__)

MAX_BODY = 64 * 1024  # bytes of one webhook; providers send far less
REMEMBERED = 10_000  # crisis messages answered directly while the store was away
REFUSALS_NOTED_EVERY = 60.0  # seconds: whoever floods us must not fill the event log


@dataclass(frozen=True)
class Webhook:
    """A provider's HTTP request as plain data; ``url`` is its path and query, byte for byte."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return a header by name in any case, or ""."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")

    @property
    def path(self) -> str:
        return self.url.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """What we answer a provider's request with."""

    status: int
    body: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Call:
    """One request to a provider: its method and parameters under the provider's own names."""

    method: str
    params: dict[str, Any]


# What one request may contain. A ``Call`` is made at once, and only if what came before it in
# the list was new (a tapped button is acknowledged once); an ``Event`` is noted.
Parsed = Union[Received, Receipt, Event, Call]


class Channel(abc.ABC):
    """One network. An adapter fulfils ``verify``, ``parse``, ``encode`` and ``deliver``."""

    off: str = ""  # why the channel takes and sends nothing; "" when it works
    accepted: ClassVar[Answer] = Answer(200)
    accepted_as: ClassVar[str] = "sent"  # state of a message that the provider took
    reply_window: ClassVar[float | None] = None  # seconds after a message in which we may reply
    keeps_receipts: ClassVar[bool] = False  # the provider reports later what became of a message

    def __init__(self, limits: Mapping[str, Any] | None, pseudonym_key: str | None = None) -> None:
        self.limits: dict[str, Any] = dict(limits or {})
        self._pseudonym_key = pseudonym_key
        self._desk: Desk | None = None
        self._answered: dict[str, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused, self._refusals_noted = 0, 0.0

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

    async def find(self, call: Call, since: float) -> list[str] | None:
        """Look up a call whose outcome we do not know, made at or after ``since`` (s since 1970).

        Return the provider's ids of messages that may be it, newest first; none if it was
        never taken. Return None if the provider cannot be asked.
        """
        return None

    async def typing(self, address: str, answers: str) -> None:
        """Show that an answer is on its way, where the network can; never raise ``SendError``."""

    async def prepare(self) -> None:
        """Set up at the provider what sending needs (webhook, commands, menus); safe to repeat."""

    async def close(self) -> None:
        """Finish what is under way and close connections."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- Rasa's InputChannel -----------------------------------------------------------------

    def url_prefix(self) -> str:
        return self.name()

    def get_output_channel(self) -> None:
        """Replies leave by the outbox, so Rasa has no channel to write to."""

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
            if self._desk is None and not self.off:
                from bot.runtime import connect  # only a process without a desk needs it

                desk: Any = connect.desk()
                self.attach(await desk if inspect.isawaitable(desk) else desk)

        return routes

    # -- the shell around a webhook ----------------------------------------------------------

    def attach(self, desk: Desk) -> None:
        """Say whom to hand messages to."""
        self._desk = desk

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            raise RuntimeError(f"no desk attached to channel {self.name()}")
        return self._desk

    async def receive(self, hook: Webhook) -> Answer:
        """Take one webhook and return what to answer; everything is stored before a 2xx."""
        try:
            self._admit(hook)
            self.verify(hook)
            parsed = self.parse(hook)
        except RequestError as error:
            logger.info("channel.refused channel=%s reason=%s", self.name(), error)
            await self._note_refusal(error)
            return Answer(error.status)
        try:
            await self._hand_over(parsed)
        except RedisError as error:
            logger.warning(
                "channel.store_away channel=%s error=%s", self.name(), type(error).__name__
            )
            await self._answer_crisis(parsed)
            return Answer(503)
        return self.accepted

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

    async def _hand_over(self, parsed: Sequence[Parsed]) -> None:
        new = True
        for item in parsed:
            if isinstance(item, Received):
                new = await self._fresh(item) and await self.desk.take(_coarse(item))
            elif isinstance(item, Receipt):
                await receipts.take(self.desk, item, self.failure)
            elif isinstance(item, Event):
                await self.desk.note([item])
            elif new:
                self._soon(self._at_once(item))

    async def _fresh(self, received: Received) -> bool:
        """Return False for what the network repeats under a new id (a double tap)."""
        return True

    def failure(self, code: str) -> SendError:
        """Return what it means that the provider reports a message as failed with ``code``."""
        return SendError("not delivered", code)

    async def _at_once(self, call: Call) -> None:
        try:
            await self.deliver(call)
        except SendError as error:  # the person's message is safe; this was a courtesy
            logger.info("channel.courtesy_failed channel=%s reason=%s", self.name(), error)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _note_refusal(self, error: RequestError) -> None:
        if error.status != 403:
            return
        self._refused += 1
        if self._desk is None or time.monotonic() - self._refusals_noted < REFUSALS_NOTED_EVERY:
            return
        details = {"channel": self.name(), "count": self._refused}
        self._refused, self._refusals_noted = 0, time.monotonic()
        try:
            await self._desk.note([Event("security.bad_signature", details)])
        except RedisError:
            logger.warning("channel.store_away channel=%s", self.name())

    async def _answer_crisis(self, parsed: Sequence[Parsed]) -> None:
        """Send the answer to a crisis although nothing could be stored.

        The provider will repeat the message until it is stored; a person in danger does not
        wait for that. Once per message, as far as this process remembers.
        """
        for item in parsed:
            if not isinstance(item, Received) or item.consent or not item.for_assistant:
                continue
            reflex = self.desk.reflexes(item.message)
            if not reflex.urgent or item.message.provider_id in self._answered:
                continue
            self._answered[item.message.provider_id] = None
            if len(self._answered) > REMEMBERED:
                self._answered.pop(next(iter(self._answered)))
            for reply in reflex.replies:
                await self._say_directly(item.address, reply)

    async def _say_directly(self, address: str, reply: OutboundMessage) -> None:
        try:
            for call in self.encode(address, reply):
                await self.deliver(call)
        except SendError as error:
            logger.error("channel.crisis_unanswered channel=%s reason=%s", self.name(), error)


async def as_webhook(request: Request) -> Webhook:
    """Return a Sanic request as plain data, reading no more of its body than we accept."""
    body = b""
    while request.stream is not None and len(body) <= MAX_BODY:
        chunk = await request.stream.read()
        if not chunk:
            break
        body += chunk
    # raw_url, not url: a signature is over the bytes of the path as the provider wrote them.
    return Webhook(request.raw_url.decode("latin-1"), request.method, dict(request.headers), body)


def public_url() -> str:
    """Return the address at which providers reach us, without a slash at its end."""
    local = f"http://127.0.0.1:{settings.get('FARO_PORT')}"
    return (settings.get("PUBLIC_BASE_URL") or local).rstrip("/")


def _coarse(received: Received) -> Received:
    """Round a location to about a kilometre before it is stored anywhere."""
    message: InboundMessage = received.message
    if message.location is None:
        return received
    place = message.location
    rounded = replace(place, lat=round(place.lat, 2), lon=round(place.lon, 2))
    return replace(received, message=replace(message, location=rounded))
