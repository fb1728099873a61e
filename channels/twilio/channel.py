"""What SMS and WhatsApp have in common at Twilio: webhooks, receipts, sending, looking up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import quote

from bot.messages import Attachment, InboundMessage
from bot.runtime.desk import Received
from bot.runtime.events import Event
from channels.base import Answer, Call, Channel, Parsed, Webhook
from channels.errors import OutcomeUnknown, Refused, SendError, Unavailable
from channels.twilio import media
from channels.twilio.account import Account, form
from channels.twilio.codes import error_of
from channels.twilio.inbound import address_of, is_person, is_service, message_of, receipt_of

CREATE = "messages.create"
NOT_FOUND = "20404"
PAGE = 50  # messages looked through when a call's outcome is unknown
CLOCKS_DIFFER = 5.0  # seconds
READS, READ_AGAIN_AFTER = 3, 0.5  # times, seconds


class TwilioChannel(Channel):
    """Base of both. ``sender`` is our own number as +15551234567."""

    accepted: ClassVar[Answer] = Answer(200, "<Response/>", "text/xml")
    accepted_as: ClassVar[str] = "queued"
    keeps_receipts: ClassVar[bool] = True
    prefix: ClassVar[str] = ""

    def __init__(
        self,
        account: Account,
        sender: str,
        limits: Mapping[str, Any] | None = None,
        pseudonym_key: str | None = None,
    ) -> None:
        super().__init__(limits, pseudonym_key)
        self.account = account.with_limits(self.limits)
        self.sender = address_of(sender)
        self.off = self._missing()

    def _missing(self) -> str:
        name = self.account.missing() or ("" if self.sender else self.sender_setting)
        return f"{name} is not set" if name else ""

    sender_setting: ClassVar[str] = ""

    def routes(self) -> Sequence[str]:
        return ("/inbound", "/status")

    def verify(self, hook: Webhook) -> None:
        self.account.verify(hook)

    def parse(self, hook: Webhook) -> list[Parsed]:
        if hook.path.endswith("/status"):
            receipt = receipt_of(hook)
            return [receipt] if receipt else []
        fields = form(hook)
        message = message_of(fields, self.name(), self.pseudonym_key())
        address = address_of(fields["From"])
        if address == self.sender:  # our own message came back
            return []
        if not is_person(address):
            kind = "short code" if is_service(address) else "name"
            events = (Event("inbound.from_service", {"channel": self.name(), "kind": kind}),)
            return [Received(message, address, for_assistant=False, events=events)]
        return [self.received(message, address, fields)]

    def received(
        self, message: InboundMessage, address: str, fields: Mapping[str, str]
    ) -> Received:
        """Return the message with what Twilio says about consent."""
        spoken = fields.get("OptOutType", "").lower()
        if spoken in ("stop", "start"):
            return self.consented(message, address, spoken)
        # Twilio has answered a request for help with the text registered there.
        return Received(message, address, for_assistant=spoken != "help")

    def consented(
        self, message: InboundMessage, address: str, consent: str, evidence: str = "keyword"
    ) -> Received:
        """Return an opt-out or opt-in that needs no answer of ours."""
        type_ = "consent.opt_out" if consent == "stop" else "consent.opt_in"
        scope = "campaign" if evidence == "button" else "channel"
        details = {"channel": self.name(), "scope": scope, "evidence": evidence}
        return Received(
            message, address, consent=consent, for_assistant=False, events=(Event(type_, details),)
        )

    def call(self, address: str, **params: Any) -> Call:
        """Return the call that sends one message."""
        status = f"{self.account.public_url}/webhooks/{self.name()}/status"
        to = f"{self.prefix}{address}"
        return Call(CREATE, {"To": to, **self.origin(), "StatusCallback": status, **params})

    def origin(self) -> dict[str, str]:
        """Return the parameter that says who sends."""
        return {"From": f"{self.prefix}{self.sender}"}

    async def deliver(self, call: Call, reference: str = "") -> str:
        params = dict(call.params)
        if reference:
            params["StatusCallback"] += f"?m={quote(reference)}"
        made = await self.account.request("POST", self.account.messages(), data=params)
        if made.get("status") == "failed":
            raise error_of(str(made.get("error_code") or ""))
        # An answer without an id still means that it was taken; it only cannot be followed.
        return str(made.get("sid") or "")

    async def find(self, call: Call, since: float) -> list[str] | None:
        """Look the message up among those to this person since then.

        Raise ``Unavailable`` if Twilio does not answer: whoever asks later may learn it.
        """
        query = {"To": call.params["To"], "PageSize": PAGE}
        try:
            recent = (await self._read(self.account.messages(), query))["messages"]
            # Twilio's clock and ours differ a little, and it gives whole seconds.
            new = [m for m in recent if _made(m) >= since - CLOCKS_DIFFER]
        except (Refused, KeyError, TypeError, ValueError):
            return None
        if len(new) == PAGE:  # more than we looked through
            return None
        return [str(message["sid"]) for message in new if self.same(message, call)]

    async def _read(self, url: str, query: dict[str, Any]) -> dict[str, Any]:
        """Ask until there is an answer, a few times: to read changes nothing at Twilio."""
        for left in reversed(range(READS)):
            try:
                return await self.account.request("GET", url, params=query)
            except (OutcomeUnknown, Unavailable) as error:
                if not left:
                    raise Unavailable(error.reason, error.code) from error
            await asyncio.sleep(READ_AGAIN_AFTER)
        raise AssertionError("unreachable")

    def same(self, message: Mapping[str, Any], call: Call) -> bool:
        """Return whether a message in Twilio's list is what a call would have made."""
        outbound = str(message.get("direction", "outbound")).startswith("outbound")
        return outbound and message.get("body") == call.params.get("Body", "")

    async def erase(self, provider_id: str) -> None:
        """Delete a message and its files; one that is gone already is as good."""
        with contextlib.suppress(SendError):  # a message without files, or gone
            page = await self.account.request("GET", self.account.messages(f"/{provider_id}/Media"))
            for file in page.get("media_list") or []:
                url = self.account.messages(f"/{provider_id}/Media/{file['sid']}")
                await self.account.request("DELETE", url)
        try:
            await self.account.request("DELETE", self.account.messages(f"/{provider_id}"))
        except SendError as error:
            if error.code not in (NOT_FOUND, "404"):
                raise

    async def fetch(self, attachment: Attachment) -> bytes:
        return await media.fetch(self.account, attachment)

    def failure(self, code: str) -> SendError:
        return error_of(code)

    async def close(self) -> None:
        await super().close()
        await self.account.transport.aclose()


def _made(message: Mapping[str, Any]) -> float:
    """Return when Twilio made a message, in seconds since 1970."""
    return parsedate_to_datetime(message["date_created"]).timestamp()
