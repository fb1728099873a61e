"""The hands on the phones: what a person does becomes the provider's request to us."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from channels.simulator import telegram_hooks, twilio_hooks
from channels.simulator.config import Config
from channels.simulator.exchange import Bubble, Exchange, Phone
from channels.simulator.people import Person
from channels.simulator.postman import Posted, Postman
from channels.simulator.telegram_bot import VOTE, Bot
from channels.simulator.twilio_account import Twilio
from channels.simulator.twilio_messages import segments

LONGEST = 10_000  # characters a person may send
_WAYS = ("choice", "voice", "image", "location", "sticker", "command", "block", "text")
_NOT_ON: dict[str, tuple[str, ...]] = {
    "sms": ("choice", "voice", "location", "sticker", "command", "block"),
    "whatsapp": ("command", "block"),
}


class CannotSend(Exception):
    """Something this phone cannot do; ``status`` answers the page."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class Phones:
    """Builds the provider's request for what a person does, and posts it to our own webhook."""

    def __init__(
        self, config: Config, exchange: Exchange, postman: Postman, twilio: Twilio, bot: Bot
    ) -> None:
        self.config, self.exchange, self.postman = config, exchange, postman
        self.twilio, self.bot = twilio, bot

    async def send(self, channel: str, who: Person, what: dict[str, Any]) -> dict[str, Any]:
        """Send one thing and return the webhook's status and the provider's id of it.

        Raise ``CannotSend`` for what this phone cannot do.
        """
        self._check(channel, what)
        phone = self.exchange.phone(channel, who.address(channel))
        below = self._button(phone, what) if what.get("choice") else None
        if channel == "telegram":
            id_, posted = await self._telegram(phone, who, what, below)
        else:
            id_, posted = await self._twilio(phone, who, what)
        return {"id": id_, "status": posted.status if posted else 0, "waiting": posted is None}

    async def _twilio(
        self, phone: Phone, who: Person, what: Mapping[str, Any]
    ) -> tuple[str, Posted]:
        id_, post = twilio_hooks.inbound(self.config, phone.channel, who.phone, what)
        bubble = _bubble(id_, phone.channel, what)
        self.exchange.show(phone, bubble)
        prefix = "whatsapp:" if phone.channel == "whatsapp" else ""
        ours = self.config.number(phone.channel)
        record = {"sid": id_, "direction": "inbound", "status": "received", "body": bubble.text}
        self.twilio.heard(record | {"from": prefix + who.phone, "to": prefix + ours})
        if phone.channel == "sms":
            self.twilio.carrier_answer(who.phone, bubble.text)
        return id_, await self.postman.post(post, self._told(phone, bubble))

    async def _telegram(
        self, phone: Phone, who: Person, what: Mapping[str, Any], below: Bubble | None
    ) -> tuple[str, Posted | None]:
        if "block" in what:
            phone.opted_out = bool(what["block"])
            update = telegram_hooks.membership(self.bot, who, what)
        elif below is not None and what["choice"].startswith(VOTE):
            option = int(what["choice"].removeprefix(VOTE))
            poll = self.bot.messages[who.telegram, int(below.id)]["poll"]
            update = telegram_hooks.vote(self.bot, who, what, poll, option)
            self.bot.voted(phone, below, poll, option)
        elif below is not None:
            update = telegram_hooks.tap(self.bot, who, what, int(below.id))
            self.bot.taps[update["callback_query"]["id"]] = (below, time.monotonic())
            self.exchange.show(phone, below)
        else:
            update = telegram_hooks.message(self.bot, who, what)
        # Our channel knows a Telegram message by the number of its update.
        bubble = _bubble(str(update["update_id"]), "telegram", what)
        self.exchange.show(phone, bubble)
        told = self._told(phone, bubble)
        posted = await self.bot.updates.hand_over(update, told)
        if posted is None:
            bubble.status = "sent"
            self.exchange.show(phone, bubble)
        return bubble.id, posted

    def _told(self, phone: Phone, bubble: Bubble) -> Any:
        def told(posted: Posted) -> None:
            bubble.webhook = asdict(posted)
            if 200 <= posted.status < 300:
                bubble.status = "delivered" if bubble.status != "read" else "read"
            else:
                bubble.status = "sending" if posted.again else "failed"
            self.exchange.show(phone, bubble)

        return told

    def _check(self, channel: str, what: Mapping[str, Any]) -> None:
        if self.config.state(channel) != "live":
            raise CannotSend("this phone is not simulated", 409)
        way = next((way for way in _WAYS if what.get(way) or (way == "block" and way in what)), "")
        if not way:
            raise CannotSend("nothing to send")
        if way in _NOT_ON.get(channel, ()):
            raise CannotSend(f"{channel} has no {way}")
        if len(str(what.get("text") or "")) > LONGEST:
            raise CannotSend("too long", 413)
        if way == "location" and not _is_place(what["location"]):
            raise CannotSend("location is [latitude, longitude]")

    def _button(self, phone: Phone, what: dict[str, Any]) -> Bubble:
        """Return the message with the button that was tapped, and complete what we know of it."""
        for bubble in reversed(phone.bubbles.values()):
            if bubble.sender != "faro" or str(what.get("message") or bubble.id) != bubble.id:
                continue
            items = bubble.menu["items"] if bubble.menu else []
            for button in [*(b for row in bubble.buttons for b in row), *items]:
                if button.get("payload") == what["choice"]:
                    what |= {"title": button["title"], "reply_to": bubble.id}
                    what["from_list"] = button in items
                    if phone.channel == "telegram":
                        button["waiting"] = True
                    return bubble
        raise CannotSend("no such button on this phone", 409)


def _bubble(id_: str, channel: str, what: Mapping[str, Any]) -> Bubble:
    kinds = ("voice", "image", "location", "sticker")
    kind = next((kind for kind in kinds if what.get(kind)), "text")
    if channel == "telegram" and what.get("choice"):
        kind = "tap"  # Telegram shows no bubble for it; the page shows a line
    if "block" in what:
        kind = "blocked" if what["block"] else "unblocked"
    text = str(what.get("title") or what.get("command") or what.get("text") or "")
    place = what.get("location")
    return Bubble(
        id=id_,
        channel=channel,
        sender="person",
        kind=kind,
        text=str(what["sticker"]) if kind == "sticker" else text,
        location={"lat": place[0], "lon": place[1], "label": ""} if place else None,
        status="sending",
        sms=segments(text) if channel == "sms" and text else None,
    )


def _is_place(value: Any) -> bool:
    try:
        lat, lon = value
        return -90 <= float(lat) <= 90 and -180 <= float(lon) <= 180
    except (TypeError, ValueError):
        return False
