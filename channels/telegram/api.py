"""Telegram's Bot API, by way of python-telegram-bot, and what its errors mean for us."""

from __future__ import annotations

import inspect
import logging
from functools import cached_property
from typing import Any

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from channels.base import Call
from channels.errors import (
    AddressInvalid,
    ContentRefused,
    Misconfigured,
    OptedOut,
    OutcomeUnknown,
    Refused,
    SendError,
    Throttled,
    Unavailable,
    Unreachable,
)
from channels.transport import NEVER_SENT, Transport

logger = logging.getLogger(__name__)

API = "https://api.telegram.org"

_FORBIDDEN: tuple[tuple[str, type[SendError], str], ...] = (
    ("blocked by the user", OptedOut, "blocked bot"),
    ("deactivated", AddressInvalid, "account deleted"),
    ("initiate conversation", Unreachable, "never started"),
)


class Api:
    """Makes calls. Nothing goes out before the first one: starting needs no network."""

    def __init__(
        self,
        token: str,
        api_url: str = "",
        timeout: float = 20.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._token = token
        self._url = (api_url or API).rstrip("/")
        self._timeout = timeout
        self._transport = transport or Transport()

    @cached_property
    def bot(self) -> Bot:
        """Return the bot, made inside the running loop."""
        return Bot(
            self._token,
            base_url=f"{self._url}/bot",
            base_file_url=f"{self._url}/file/bot",
            request=self._requests(self._timeout),
            get_updates_request=self._requests(self._timeout + 30),
        )

    def _requests(self, read_timeout: float) -> HTTPXRequest:
        how = {"transport": self._transport}
        return HTTPXRequest(
            connection_pool_size=64, connect_timeout=5.0, read_timeout=read_timeout,
            write_timeout=10.0, pool_timeout=10.0, httpx_kwargs=how,
        )  # fmt: skip

    async def make(self, call: Call) -> Any:
        """Make a call by Telegram's own name and return its result; raise ``TelegramError``.

        An answer that says yes but has another shape than we know is None: the call was taken.
        """
        method = getattr(self.bot, call.method)
        inspect.signature(method).bind(**call.params)  # a mistake of ours shows before the call
        try:
            return await method(**call.params)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            logger.warning("telegram.odd_answer error=%s", type(error).__name__)
            return None

    async def read(self, file_id: str) -> bytes:
        """Return a file; its address holds our token and is neither kept nor logged."""
        file = await self.bot.get_file(file_id)
        if not file.file_path:
            raise BadRequest("no file path")
        return bytes(await file.download_as_bytearray())

    async def close(self) -> None:
        await self._transport.aclose()


def error_of(error: TelegramError) -> SendError:
    """Return what an error means for us."""
    text = error.message
    if isinstance(error, RetryAfter):
        return Throttled("too many requests", "429", retry_after=_seconds(error.retry_after))
    if isinstance(error, InvalidToken):
        return Misconfigured("token", "401", halts=True)
    if isinstance(error, Conflict):
        return Misconfigured("webhook and polling at once", "409")
    if isinstance(error, Forbidden):
        for words, kind, detail in _FORBIDDEN:
            if words in text.lower():
                return kind(detail, "403", detail=detail)
        return Refused("forbidden", "403")
    if isinstance(error, ChatMigrated):
        return AddressInvalid("chat moved", "400", detail="migrated")
    if isinstance(error, BadRequest):
        return _bad_request(text)
    if isinstance(error, (TimedOut, NetworkError)):
        return _no_answer(error)
    return Refused("refused", type(error).__name__)


def _bad_request(text: str) -> SendError:
    words = text.lower()
    if "chat not found" in words or "user not found" in words:
        return AddressInvalid("chat not found", "400")
    if "bot was blocked" in words:
        return OptedOut("blocked bot", "400", detail="blocked bot")
    return ContentRefused("bad request", "400")


def _no_answer(error: NetworkError) -> SendError:
    cause = error.__cause__
    if isinstance(cause, NEVER_SENT):
        return Unavailable("no connection", type(cause).__name__)
    if isinstance(error, TimedOut) or (isinstance(cause, Exception) and _was_sent(cause)):
        return OutcomeUnknown("no answer", type(cause).__name__)
    return Unavailable("provider down", "5xx")


def _was_sent(cause: Exception) -> bool:
    return isinstance(cause, httpx.HTTPError)


def _seconds(value: Any) -> float:
    # PTB gives a number or, with PTB_TIMEDELTA set, a timedelta.
    return float(value.total_seconds() if hasattr(value, "total_seconds") else value)
