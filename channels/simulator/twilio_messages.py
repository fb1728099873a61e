"""What Twilio checks of a message before it takes it, and its JSON of one it has taken.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from bot.sms import sms_size
from bot.text import utf16_units
from channels.simulator.config import Config
from channels.simulator.provider import is_web_address
from channels.simulator.twilio_content import Contents, fill, read_variables, too_much
from channels.simulator.twilio_errors import TwilioRefusal

LONGEST = 1600
MOST_FILES = 10
WHATSAPP = "whatsapp:"
SMS_PRICE = 0.05  # USD a segment: an order of magnitude for Central America, shown as an estimate
_NUMBER = re.compile(r"\+[0-9]{7,15}")
_BUSINESS_ID = re.compile(r"[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}")
_GEO = re.compile(
    r"geo:(?P<lat>-?\d+(?:\.\d+)?),(?P<lon>-?\d+(?:\.\d+)?)(\|(?P<label>.*))?", re.DOTALL
)


@dataclass
class Taken:
    """A message that was taken: what to show, and its record at Twilio."""

    channel: str
    address: str
    text: str
    callback: str
    record: dict[str, Any]
    buttons: list[list[dict[str, Any]]] = field(default_factory=list)
    menu: dict[str, Any] | None = None
    media: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    template: bool = False  # a prepared content that may open a conversation
    fails: int = 0  # code with which it fails later, 0 if it arrives


def check(fields: Mapping[str, list[str]], config: Config, contents: Contents) -> Taken:
    """Return the message that a request asks for; raise ``TwilioRefusal``."""

    def one(name: str) -> str:
        return fields.get(name, [""])[0].strip() if name != "Body" else fields.get(name, [""])[0]

    to, sender, service = one("To"), one("From"), one("MessagingServiceSid")
    if not to:
        raise TwilioRefusal(21604)
    if not sender and not service:
        raise TwilioRefusal(21603)
    channel = "whatsapp" if to.startswith(WHATSAPP) else "sms"
    address = to.removeprefix(WHATSAPP)
    business = channel == "whatsapp" and _BUSINESS_ID.fullmatch(address)
    if not _NUMBER.fullmatch(address) and not business:
        raise TwilioRefusal(21211, address)
    _check_sender(channel, sender, service, config)
    if one("StatusCallback") and not is_web_address(one("StatusCallback")):
        raise TwilioRefusal(21609, one("StatusCallback"))
    taken = Taken(channel, address, one("Body"), one("StatusCallback"), {})
    if one("ContentSid"):
        _read_content(taken, one, contents)
    _read_files(taken, fields.get("MediaUrl", []))
    _read_place(taken, fields.get("PersistentAction", []))
    if not taken.text.strip() and not taken.media:
        raise TwilioRefusal(21619)
    if utf16_units(taken.text) > LONGEST:
        raise TwilioRefusal(21617)
    taken.record = _record(taken, sender or f"{config.number(channel)}", to, service, config)
    return taken


def segments(text: str) -> dict[str, Any]:
    """Return what an SMS of this text costs."""
    size = sms_size(text)
    return {
        "encoding": size.encoding,
        "segments": size.segments,
        "characters": len(text),
        "price": round(SMS_PRICE * size.segments, 2),
    }


def _check_sender(channel: str, sender: str, service: str, config: Config) -> None:
    if service and service != config.service_sid:
        raise TwilioRefusal(21701, service)
    if not sender:
        return
    if sender.startswith(WHATSAPP) != (channel == "whatsapp"):
        raise TwilioRefusal(21910)
    if sender.removeprefix(WHATSAPP) != config.number(channel):
        raise TwilioRefusal(63007) if channel == "whatsapp" else TwilioRefusal(21606, sender)


def _read_content(taken: Taken, one: Any, contents: Contents) -> None:
    if taken.text or one("MediaUrl"):
        raise TwilioRefusal(20001, "ContentSid cannot be combined with Body or MediaUrl")
    content = contents.get(one("ContentSid"))
    if content is None:
        raise TwilioRefusal(21655, one("ContentSid"))
    name, filled = fill(content, read_variables(one("ContentVariables")))
    taken.text = str(filled.get("body") or "")
    taken.template = name != "twilio/list-picker"
    if taken.channel == "whatsapp" and too_much(name, filled):
        taken.fails = 63021
    if name == "twilio/quick-reply":
        taken.buttons = [[{"title": a["title"], "payload": a["id"]}] for a in filled["actions"]]
    elif name == "twilio/list-picker":
        items = [
            {"title": i["item"], "payload": i["id"], "description": i.get("description") or ""}
            for i in filled["items"]
        ]
        taken.menu = {"button": filled["button"], "items": items}
    elif filled.get("media"):
        taken.media = {"url": filled["media"][0], "type": _kind_of(filled["media"][0])}


def _read_files(taken: Taken, urls: list[str]) -> None:
    urls = [url for url in urls if url]
    if len(urls) > (1 if taken.channel == "whatsapp" else MOST_FILES):
        raise TwilioRefusal(21623)
    for url in urls:
        if not is_web_address(url):
            raise TwilioRefusal(21620, url)
    if urls:
        taken.media = {"url": urls[0], "type": _kind_of(urls[0])}


def _read_place(taken: Taken, actions: list[str]) -> None:
    for action in filter(None, actions):
        found = _GEO.fullmatch(action)
        if found is None or taken.channel != "whatsapp":
            raise TwilioRefusal(20001, "PersistentAction is not valid")
        taken.location = {
            "lat": float(found["lat"]), "lon": float(found["lon"]), "label": found["label"] or ""
        }  # fmt: skip


def _kind_of(url: str) -> str:
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    if ending in ("ogg", "oga", "opus", "mp3", "amr", "m4a", "aac"):
        return "voice"
    return "document" if ending == "pdf" else "image"


def _record(taken: Taken, sender: str, to: str, service: str, config: Config) -> dict[str, Any]:
    sid = ("MM" if taken.media else "SM") + secrets.token_hex(16)
    uri = f"/2010-04-01/Accounts/{config.account_sid}/Messages/{sid}"
    size = segments(taken.text)["segments"] if taken.channel == "sms" else 1
    return {
        "account_sid": config.account_sid,
        "api_version": "2010-04-01",
        "body": taken.text,
        "date_created": formatdate(),
        "date_sent": None,
        "date_updated": formatdate(),
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": sender,
        "messaging_service_sid": service or None,
        "num_media": "1" if taken.media else "0",
        "num_segments": str(size),
        "price": None,
        "price_unit": "USD",
        "sid": sid,
        "status": "accepted" if service else "queued",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": to,
        "uri": f"{uri}.json",
    }
