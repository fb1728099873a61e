"""WhatsApp: buttons and lists, one file per message, and free words only for 24 hours."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from bot import settings
from bot.choices import distinct, menu, page
from bot.marks import as_whatsapp, plain
from bot.messages import Choice, InboundMessage, OutboundMessage
from bot.privacy import user_ref
from bot.runtime.desk import Received
from bot.text import clean, numbered, shorten, utf16_units
from channels.base import Call
from channels.errors import Blocked, SendError
from channels.twilio.account import MESSAGING, Account
from channels.twilio.channel import TwilioChannel
from channels.twilio.contents import BUTTONS, Contents, name_of, variables
from channels.twilio.inbound import business_id

DAY = 24 * 3600.0
MARGIN = 300.0  # seconds kept free at the window's end: a message may wait at Twilio
LONGEST, LONGEST_WITH_CHOICES, CAPTION = 1600, 1024, 1024
TITLE, ITEM, DESCRIPTION, LIST_BUTTON = 20, 24, 72, 20
PAGE = 10
LONGEST_PAYLOAD = 200
STOP = "consent:stop"
# Signs stand in where no words were given, because words are content.
POINTER, LIST_SIGN = "👇", "☰"


class WhatsAppChannel(TwilioChannel):
    """WhatsApp through Twilio; every address there carries a prefix."""

    sender_setting: ClassVar[str] = "TWILIO_WHATSAPP_FROM"
    prefix: ClassVar[str] = "whatsapp:"
    typing_after: ClassVar[float | None] = 2.0
    reply_window: ClassVar[float | None] = DAY - MARGIN

    def __init__(
        self,
        account: Account,
        sender: str,
        limits: Mapping[str, Any] | None = None,
        pseudonym_key: str | None = None,
        contents: Contents | None = None,
    ) -> None:
        super().__init__(account, sender, limits, pseudonym_key)
        self.contents = contents or Contents.stored(self.account)

    @classmethod
    def name(cls) -> str:
        return "whatsapp"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WhatsAppChannel:
        return cls(Account.from_settings(), settings.get(cls.sender_setting), credentials)

    def received(
        self, message: InboundMessage, address: str, fields: Mapping[str, str]
    ) -> Received:
        payload = fields.get("ButtonPayload") or fields.get("ListId")
        if payload == STOP:  # honoured whether or not we issued it
            return self.consented(message, address, "stop", "button")
        title = clean(fields.get("ButtonText") or fields.get("ListTitle") or message.text)[0]
        if payload:
            message = replace(message, kind="choice", text=title, payload=payload[:LONGEST_PAYLOAD])
        elif title and message.kind == "unsupported":  # a button that came without its payload
            message = replace(message, kind="text", text=title)
        alias = business_id(fields.get("ExternalUserId", ""))
        known = super().received(message, address, fields)
        if not alias or alias == address:
            return known
        return replace(known, alias=user_ref(self.pseudonym_key(), self.name(), alias))

    def encode(self, address: str, message: OutboundMessage) -> list[Call]:
        if message.template:
            return [self._template(address, message.template, message)]
        choices = page(menu(message), int(self.limits.get("page", PAGE)), message.more_title)
        name = name_of(*self._shown(choices)) if choices else ""
        if choices and not self.contents.sid(name):  # not set up: answered by typing
            return self._words(address, message, written=menu(message))
        if not choices:
            return self._words(address, message)
        return self._with_choices(address, message, choices)

    async def typing(self, address: str, answers: str) -> None:
        body = {"channel": "WHATSAPP", "messageId": answers}
        url = self.account.address(MESSAGING, "/v3/Indicators/Typing.json")
        try:
            await self.account.request("POST", url, json=body)
        except SendError:  # the answer itself is what matters
            return

    async def prepare(self) -> None:
        await self.contents.make(self.account)

    async def warm_up(self) -> None:
        if not self.contents.complete:
            await self.contents.make(self.account)

    # -- words, files, places ----------------------------------------------------------------

    def _words(
        self, address: str, message: OutboundMessage, written: Sequence[Choice] = ()
    ) -> list[Call]:
        """Return text, files and place; the first file carries a short text as its caption."""
        links = [f"{choice.title}: {choice.url}" for choice in message.choices if choice.url]
        lines = [message.text, *links, numbered([choice.title for choice in written])]
        texts = as_whatsapp("\n".join(filter(None, lines)), LONGEST)
        calls = [self.call(address, Body=text) for text in texts]
        short = len(texts) == 1 and utf16_units(texts[0]) <= CAPTION
        for number, media in enumerate(message.media):
            if number == 0 and short and media.type != "voice":
                calls = [self.call(address, **calls[0].params | {"MediaUrl": [media.url]})]
            else:
                calls.append(self.call(address, MediaUrl=[media.url]))
        if message.location:
            place = message.location
            action = [
                f"geo:{place.lat:.6g},{place.lon:.6g}" + (f"|{place.label}" if place.label else "")
            ]
            if len(calls) == 1 and not message.media:
                calls = [self.call(address, **calls[0].params | {"PersistentAction": action})]
            else:
                calls.append(self.call(address, Body=place.label or "📍", PersistentAction=action))
        return calls

    # -- choices -----------------------------------------------------------------------------

    def _with_choices(
        self, address: str, message: OutboundMessage, choices: Sequence[Choice]
    ) -> list[Call]:
        shown, as_list = self._shown(choices)
        body, first = message.text.strip(), replace(message, choices=_links(message))
        apart = first.choices or first.media or first.location or not body
        if apart or utf16_units(as_whatsapp(body, 10**6)[0]) > LONGEST_WITH_CHOICES:
            calls, body = self._words(address, first), message.prompt or POINTER
        else:
            calls = []
        words = variables(
            as_whatsapp(body, LONGEST_WITH_CHOICES)[0],
            shorten(message.prompt, LIST_BUTTON) or LIST_SIGN,
            shown,
            as_list,
        )
        sid = self.contents.sid(name_of(shown, as_list))
        made = self.call(address, ContentSid=sid, ContentVariables=_json(words))
        return [*calls, made]

    def _shown(self, choices: Sequence[Choice]) -> tuple[tuple[Choice, ...], bool]:
        """Return the choices as WhatsApp will show them, and whether as a list.

        A title too long for a button may still fit a list, which shows it whole below.
        """
        as_list = len(choices) not in BUTTONS or any(len(c.title) > TITLE for c in choices)
        limit = ITEM if as_list else TITLE
        cut = [
            replace(c, title=shorten(plain(c.title), limit), description=_whole(c, limit))
            for c in choices
        ]
        shown = distinct(cut, limit)
        return (shown if as_list else tuple(replace(c, description="") for c in shown)), as_list

    # -- templates ---------------------------------------------------------------------------

    def _template(self, address: str, name: str, message: OutboundMessage) -> Call:
        """Return an approved template in the person's language; never in another one."""
        sid = (self.limits.get("templates") or {}).get(name, {}).get(message.language)
        if not sid:
            raise Blocked("template_missing", detail="template_missing")
        words = {key: _tidy(value) for key, value in message.template_values.items()}
        if any(not word for word in words.values()):
            raise Blocked("template_variable_empty", detail="template_variable_empty")
        return self.call(
            address, ContentSid=sid, **({"ContentVariables": _json(words)} if words else {})
        )

    def same(self, message: Mapping[str, Any], call: Call) -> bool:
        if "ContentVariables" not in call.params:
            return super().same(message, call)
        # What Twilio lists is the filled content; it begins with its first variable.
        body = json.loads(call.params["ContentVariables"]).get("1", "")
        return bool(body) and str(message.get("body", "")).startswith(body)


def _links(message: OutboundMessage) -> tuple[Choice, ...]:
    return tuple(choice for choice in message.choices if choice.url)


def _whole(choice: Choice, limit: int) -> str:
    """Return the description; a title that had to be cut stands there in full."""
    if len(choice.title) <= limit:
        return shorten(plain(choice.description), DESCRIPTION)
    whole = " – ".join(filter(None, (choice.title, choice.description)))
    return shorten(plain(whole), DESCRIPTION)


def _tidy(value: str) -> str:
    """Return a template value on one line; WhatsApp refuses line breaks, tabs and wide gaps."""
    return re.sub(r" {4,}", "   ", re.sub(r"[\n\t\r]+", " ", value)).strip()[:LONGEST]


def _json(words: Mapping[str, str]) -> str:
    return json.dumps(words, ensure_ascii=False)
