"""One simulated account at Twilio: it takes messages, delivers them, and reports back."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections import OrderedDict
from email.utils import formatdate
from typing import Any

from sanic.request import Request

from channels.simulator import carrier, twilio_hooks
from channels.simulator.config import Config
from channels.simulator.exchange import Bubble, Exchange
from channels.simulator.kept import Kept
from channels.simulator.postman import Postman
from channels.simulator.provider import basic_auth
from channels.simulator.twilio_content import Contents
from channels.simulator.twilio_errors import LATER, TwilioRefusal
from channels.simulator.twilio_messages import WHATSAPP, Taken, check, segments

DAY = 24 * 3600
REMEMBERED = 2000  # messages in the account's log
STEPS = (0.15, 0.35, 0.8)  # seconds until a message is sent, delivered, read
TYPING = 25  # seconds that "typing" stays, or until the answer


class Twilio:
    """One simulated account."""

    def __init__(
        self, config: Config, exchange: Exchange, postman: Postman, kept: Kept | None = None
    ) -> None:
        self._config = config
        self._exchange = exchange
        self._postman = postman
        self._log: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._kept = kept or Kept()
        self._heard = self._kept.get("heard")  # WhatsApp number -> when the person last wrote
        self.contents = Contents(config.account_sid, self._kept)

    def admit(self, request: Request, sid: str | None = None) -> None:
        """Raise ``TwilioRefusal`` unless the request carries this account's secrets."""
        user, password = basic_auth(request.headers) or ("", "")
        known = self._config.account_sid, self._config.auth_token
        there = all(known) and self._config.state("sms") == "live"
        given = f"{user}:{password}".encode()
        if not there or not hmac.compare_digest(given, ":".join(known).encode()):
            raise TwilioRefusal(20003)
        if sid is not None and sid != self._config.account_sid:
            raise TwilioRefusal(20404, request.path)

    def create(self, fields: dict[str, list[str]]) -> dict[str, Any]:
        """Take a message and return its record; raise ``TwilioRefusal``."""
        taken = check(fields, self._config, self.contents)
        phone = self._exchange.phone(taken.channel, taken.address)
        if taken.channel == "sms" and phone.opted_out:
            raise TwilioRefusal(21610)
        in_session = time.time() - self._heard.get(taken.address, 0) < DAY
        if taken.channel == "whatsapp" and not (taken.template or in_session):
            taken.fails = 63016
        self.log(taken.record)
        self._postman.soon(self._send(taken))
        return dict(taken.record)

    def log(self, record: dict[str, Any]) -> None:
        """Remember a message as Twilio's log does, ours and people's."""
        self._log[record["sid"]] = record
        while len(self._log) > REMEMBERED:
            self._log.popitem(last=False)

    def heard(self, record: dict[str, Any]) -> None:
        """Remember what a person wrote; on WhatsApp we may answer freely for a day."""
        self.log(record)
        if record["from"].startswith(WHATSAPP):
            number = record["from"].removeprefix(WHATSAPP)
            self._heard.pop(number, None)
            self._heard[number] = time.time()
            self._kept.put("heard", self._heard, REMEMBERED)

    def fetch(self, sid: str, path: str) -> dict[str, Any]:
        if sid not in self._log:
            raise TwilioRefusal(20404, path)
        return self._log[sid]

    def remove(self, sid: str, path: str) -> None:
        """Forget a message at Twilio; what stands on the phone stays there."""
        self.fetch(sid, path)
        del self._log[sid]

    def list(self, to: str, sender: str) -> list[dict[str, Any]]:
        """Return the messages in the log, newest first."""
        return [
            record
            for record in reversed(self._log.values())
            if (not to or record["to"] == to) and (not sender or record["from"] == sender)
        ]

    def typing(self, message_sid: str, path: str) -> None:
        """Show "typing" on the phone that wrote a message, and the message as read."""
        found = self._exchange.written(message_sid)
        if found is None or found[0].channel != "whatsapp":
            raise TwilioRefusal(20404, path)
        phone, bubble = found
        bubble.status = "read"
        self._exchange.show(phone, bubble)
        self._exchange.tell(phone, {"type": "typing", "seconds": TYPING})

    async def _send(self, taken: Taken) -> None:
        phone = self._exchange.phone(taken.channel, taken.address)
        record = taken.record
        if taken.fails:
            await self._report(taken, "failed", STEPS[0])
        bubble = Bubble(
            id=record["sid"],
            channel=taken.channel,
            sender="faro",
            kind="location" if taken.location else (taken.media or {}).get("type", "text"),
            text=taken.text,
            buttons=taken.buttons,
            menu=taken.menu,
            media=taken.media,
            location=taken.location,
            status="failed" if taken.fails else "sending",
            sms=segments(taken.text) if taken.channel == "sms" else None,
        )
        if taken.fails:
            bubble.error = {"code": taken.fails, "message": LATER[taken.fails]}
        self._exchange.show(phone, bubble)
        if taken.fails:
            return
        steps = ["sent", "delivered"]
        if taken.channel == "whatsapp" and self._exchange.is_looked_at(phone):
            steps.append("read")
        for step, seconds in zip(steps, STEPS, strict=False):
            await self._report(taken, step, seconds)
            bubble.status = record["status"]
            self._exchange.show(phone, bubble)

    async def _report(self, taken: Taken, status: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        record = taken.record
        record |= {"status": status, "date_updated": formatdate()}
        record["date_sent"] = record["date_sent"] or formatdate()
        if taken.fails:
            record |= {"error_code": taken.fails, "error_message": LATER[taken.fails]}
        if taken.callback and self._postman.reaches_us(taken.callback):
            post = twilio_hooks.status(
                self._config, taken.callback, record, LATER.get(taken.fails, "")
            )
            await self._postman.post(post)

    def carrier_answer(self, phone_address: str, text: str) -> None:
        """Do what Twilio's own filter does with a stop word on SMS, and show its answer."""
        phone = self._exchange.phone("sms", phone_address)
        reaction = carrier.reaction(text, phone.opted_out)
        if reaction is None:
            return
        phone.opted_out = reaction.opted_out
        bubble = Bubble(f"carrier-{time.time_ns()}", "sms", "network", text=reaction.text)
        self._exchange.show(phone, bubble)
