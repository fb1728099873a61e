"""What channels and the assistant say to each other, as plain data.

A channel turns a provider's request into an ``InboundMessage`` and an
``OutboundMessage`` into the provider's calls; nothing between the two knows a
provider. Neither carries an address: people are known by ``user_ref``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["text", "choice", "command", "media", "location", "contact", "unsupported"]


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message; ``ref`` is the provider's id or address, never shown."""

    type: str  # image, voice, audio, video, document, sticker
    mime: str = ""
    ref: str = ""
    seconds: int = 0  # how long it plays, if the network says so


@dataclass(frozen=True)
class Location:
    """A place a person shared, in degrees; rounded to two decimals before it is stored."""

    lat: float
    lon: float
    label: str = ""


@dataclass(frozen=True)
class InboundMessage:
    """One thing a person wrote, tapped or sent."""

    channel: str  # whatsapp, sms or telegram
    user_ref: str
    provider_id: str
    kind: Kind = "text"
    text: str = ""
    payload: str | None = None
    args: str | None = None
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    reply_to: str | None = None
    language_hint: str | None = None
    edited: bool = False
    flags: tuple[str, ...] = ()
    received_at: float = 0.0  # seconds since 1970

    @property
    def crisis(self) -> str | None:
        """The type of crisis that the desk has answered, if it did."""
        return next((flag[7:] for flag in self.flags if flag.startswith("crisis:")), None)

    @property
    def doubt(self) -> str | None:
        """The type of crisis that the desk's rules saw signs of, left for the second guard."""
        return next((flag[6:] for flag in self.flags if flag.startswith("doubt:")), None)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> InboundMessage:
        data: dict[str, Any] = json.loads(text)
        data["attachments"] = tuple(Attachment(**item) for item in data["attachments"])
        data["location"] = Location(**data["location"]) if data["location"] else None
        data["flags"] = tuple(data["flags"])
        return cls(**data)


@dataclass(frozen=True)
class Choice:
    """Something a person can tap, or answer by its number or title."""

    title: str
    payload: str
    description: str = ""
    url: str = ""  # a link button; such a choice has no payload


@dataclass(frozen=True)
class Media:
    """A file to send: an address the provider can fetch, and what it shows in words."""

    type: str  # image, voice
    url: str
    description: str = ""


@dataclass(frozen=True)
class Quiz:
    """A question with a right answer, for networks that have a quiz of their own."""

    question: str  # as it stands in the text
    right: int  # the place of the right one among the choices


@dataclass(frozen=True)
class OutboundMessage:
    """One reply, before a channel gives it its shape.

    ``text`` may carry ``**bold**``, ``_italic_`` and ``~~struck~~``. ``about`` is for
    staff and logs (label, release, facts); it is never shown to the person.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    media: tuple[Media, ...] = ()
    location: Location | None = None
    quiz: Quiz | None = None
    prompt: str = ""  # a short line for the choices when the text must go first
    more_title: str = ""  # the title of "more choices" where only some fit
    alphabet: Literal["native", "gsm"] = "native"  # SMS only
    purpose: Literal["reply", "crisis", "campaign"] = "reply"
    template: str | None = None  # name of an approved WhatsApp template
    template_values: dict[str, str] = field(default_factory=dict)
    language: str = "es"
    about: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> OutboundMessage:
        """Return the message that ``asdict`` made ``data`` of."""
        data["choices"] = tuple(Choice(**item) for item in data["choices"])
        data["media"] = tuple(Media(**item) for item in data["media"])
        data["location"] = Location(**data["location"]) if data["location"] else None
        data["quiz"] = Quiz(**data["quiz"]) if data.get("quiz") else None
        return cls(**data)
