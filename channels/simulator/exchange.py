"""The telephone exchange: what stands on each simulated phone, and who is looking at it.

In memory, per process, bounded. Phones are found by address and not by person, because a
provider's call names nothing else; a message may arrive before the tab comes back to look.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

PHONES = 1500  # 500 people with three phones each
MESSAGES = 200  # on one phone
UNREAD = 1000  # changes kept for one looker; who is further behind starts from the whole again

Status = Literal["sending", "sent", "delivered", "read", "failed"]


@dataclass
class Bubble:
    """One message on a phone, as the page draws it."""

    id: str
    channel: str
    sender: Literal["person", "faro", "network"]
    at: float = field(default_factory=time.time)  # seconds since 1970
    kind: str = "text"  # text, voice, image, location, sticker, document
    text: str = ""
    runs: list[tuple[str, list[str], str]] = field(default_factory=list)  # text, styles, link
    buttons: list[list[dict[str, Any]]] = field(default_factory=list)
    menu: dict[str, Any] | None = None  # a WhatsApp list: its button and items
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)  # Telegram, below the input
    media: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    status: Status = "sent"
    error: dict[str, Any] | None = None  # the provider's code and what it says
    webhook: dict[str, Any] | None = None  # of a person's message: status, ms, tries
    sms: dict[str, Any] | None = None  # encoding, segments, price
    answers: str = ""  # of ours: id of the message it follows
    details: dict[str, Any] | None = None  # of a person's message: what the assistant made of it


class Phone:
    """One person's phone on one network."""

    def __init__(self, channel: str, address: str) -> None:
        self.channel = channel
        self.address = address
        self.bubbles: OrderedDict[str, Bubble] = OrderedDict()
        self.last_written = ""  # id of the person's last message
        self.opted_out = False  # at the network: Twilio's stop words, a blocked bot


class Exchange:
    """All phones, and the queues of those who look at them."""

    def __init__(self) -> None:
        self._phones: OrderedDict[tuple[str, str], Phone] = OrderedDict()
        self._lookers: dict[tuple[str, str], set[asyncio.Queue[dict[str, Any] | None]]] = {}

    def phone(self, channel: str, address: str) -> Phone:
        """Return the phone at an address, made if need be; the longest unused one goes."""
        key = (channel, address)
        if key not in self._phones:
            self._phones[key] = Phone(channel, address)
            while len(self._phones) > PHONES:
                self._phones.popitem(last=False)
        self._phones.move_to_end(key)
        return self._phones[key]

    def show(self, phone: Phone, bubble: Bubble) -> None:
        """Put a message on a phone, or show what changed about it."""
        if bubble.id not in phone.bubbles and bubble.sender == "faro":
            bubble.answers = phone.last_written
        elif bubble.id not in phone.bubbles and bubble.sender == "person":
            phone.last_written = bubble.id
        phone.bubbles[bubble.id] = bubble
        while len(phone.bubbles) > MESSAGES:
            phone.bubbles.popitem(last=False)
        self.tell(phone, {"type": "message", "message": asdict(bubble)})

    def tell(self, phone: Phone, event: dict[str, Any]) -> None:
        """Hand an event to everyone who looks at a phone."""
        for queue in list(self._lookers.get((phone.channel, phone.address), ())):
            if queue.qsize() >= UNREAD:
                queue.put_nowait(None)  # ends the stream; the page comes back and starts anew
            else:
                queue.put_nowait({"channel": phone.channel, **event})

    def is_looked_at(self, phone: Phone) -> bool:
        return bool(self._lookers.get((phone.channel, phone.address)))

    def look(self, phones: list[Phone]) -> asyncio.Queue[dict[str, Any] | None]:
        """Return a queue of what happens on these phones from now on; None ends it."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        for phone in phones:
            self._lookers.setdefault((phone.channel, phone.address), set()).add(queue)
        return queue

    def look_away(self, phones: list[Phone], queue: asyncio.Queue[dict[str, Any] | None]) -> None:
        for phone in phones:
            lookers = self._lookers.get((phone.channel, phone.address), set())
            lookers.discard(queue)
            if not lookers:
                self._lookers.pop((phone.channel, phone.address), None)

    def written(self, message_id: str) -> tuple[Phone, Bubble] | None:
        """Return the person's message with this id, and the phone it was written on."""
        for phone in reversed(self._phones.values()):
            bubble = phone.bubbles.get(message_id)
            if bubble is not None and bubble.sender == "person":
                return phone, bubble
        return None
