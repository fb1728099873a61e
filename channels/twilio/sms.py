"""SMS: plain text, billed by segments, with opt-out words that carriers act on themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot import settings
from bot.choices import menu
from bot.consent import normal
from bot.marks import plain
from bot.messages import InboundMessage, OutboundMessage
from bot.runtime.desk import Received
from bot.sms import CARRIER_START, CARRIER_STOP, cheap
from bot.text import numbered, split, utf16_units
from channels.base import Call
from channels.twilio.account import Account
from channels.twilio.channel import TwilioChannel

LONGEST = 1600  # characters of one message; Twilio refuses more (21617)
VALIDITY = 4 * 3600  # seconds after which a campaign message is no longer worth delivering
COUNTER = len(" (99/99)")


class SmsChannel(TwilioChannel):
    """Text messages to any phone."""

    sender_setting: ClassVar[str] = "TWILIO_SMS_FROM"

    @classmethod
    def name(cls) -> str:
        return "sms"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SmsChannel:
        return cls(Account.from_settings(), settings.get(cls.sender_setting), credentials)

    def received(
        self, message: InboundMessage, address: str, fields: Mapping[str, str]
    ) -> Received:
        said = normal(message.text)
        if not fields.get("OptOutType"):
            if said in CARRIER_STOP:
                return self.consented(message, address, "stop")
            if said in CARRIER_START:
                return self.consented(message, address, "start")
        return super().received(message, address, fields)

    def encode(self, address: str, message: OutboundMessage) -> list[Call]:
        text = cheap(plain(self.wording(message)), message.alphabet).strip()
        late = {"ValidityPeriod": VALIDITY} if message.purpose == "campaign" else {}
        return [self.call(address, Body=part, **late) for part in self.parts(text)]

    def wording(self, message: OutboundMessage) -> str:
        """Return all of a message in words: files as links, choices as numbered lines."""
        lines = [message.text]
        lines += [": ".join(filter(None, (m.description, m.url))) for m in message.media]
        if message.location:
            place = message.location
            spot = f"{place.lat:.6g},{place.lon:.6g}"
            lines.append(
                " ".join(filter(None, (place.label, f"https://maps.google.com/?q={spot}")))
            )
        lines += [f"{choice.title}: {choice.url}" for choice in message.choices if choice.url]
        lines.append(numbered([choice.title for choice in menu(message)]))
        return "\n".join(line for line in lines if line)

    def parts(self, text: str) -> list[str]:
        """Return the text in messages; several are counted, as they may arrive in any order."""
        limit = min(int(self.limits.get("longest", LONGEST)), LONGEST)
        if utf16_units(text) <= limit:
            return [text] if text else []
        pieces = split(text, limit - COUNTER, utf16_units)
        return [f"{piece} ({number}/{len(pieces)})" for number, piece in enumerate(pieces, 1)]

    def origin(self) -> dict[str, str]:
        # A messaging service chooses the number, keeps to its rate and knows who opted out.
        service = self.account.service
        return {"MessagingServiceSid": service} if service else super().origin()
