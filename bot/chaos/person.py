"""Someone with a phone, whose messages reach us as Twilio passes them on."""

from __future__ import annotations

import hashlib
from typing import Protocol

import httpx
from twilio.request_validator import RequestValidator

from bot.chaos.twilio import ACCOUNT, NUMBER, TOKEN

ACKNOWLEDGED = (200, 204)


class Target(Protocol):
    """Where webhooks go: a running Faro."""

    url: str

    @property
    def http(self) -> httpx.Client: ...


class Person:
    """``prefix`` is "whatsapp:" for WhatsApp, "" for SMS."""

    def __init__(self, faro: Target, number: str, prefix: str = "") -> None:
        self._faro = faro
        self.address = prefix + number
        self.channel = "whatsapp" if prefix else "sms"
        self._to = prefix + NUMBER
        self._sent = 0

    def form(self, text: str, sid: str) -> dict[str, str]:
        """Return the fields of an inbound message, those that are blank as well."""
        return {
            "ToCountry": "US",
            "ToState": "",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "ToCity": "",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": text,
            "To": self._to,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": self.address,
            "ApiVersion": "2010-04-01",
        }

    def new_sid(self) -> str:
        """Return the id of this person's next message."""
        self._sent += 1
        return "SM" + hashlib.md5(f"{self.address} {self._sent}".encode()).hexdigest()  # noqa: S324

    def write(self, text: str, sid: str = "", token: str = TOKEN) -> int:
        """Post one message, signed with ``token``; return the HTTP status, 0 if nobody answered."""
        form = self.form(text, sid or self.new_sid())
        url = f"{self._faro.url}/webhooks/{self.channel}/inbound"
        signature = RequestValidator(token).compute_signature(url, form)
        headers = {"X-Twilio-Signature": signature}
        try:
            return self._faro.http.post(url, data=form, headers=headers).status_code
        except httpx.HTTPError:
            return 0
