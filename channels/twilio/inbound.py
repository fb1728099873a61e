"""Twilio's form fields, turned into what we work with.

Read here and nowhere else. ``ProfileName``, ``WaId``, city and post code are never looked at.
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from bot.messages import Attachment, InboundMessage, Kind, Location
from bot.privacy import user_ref
from bot.runtime.desk import Receipt
from bot.text import clean
from channels.base import Webhook
from channels.errors import RequestError
from channels.files import allowed
from channels.twilio import media
from channels.twilio.account import form

MOST_FILES = 10

_BUSINESS_ID = re.compile(r"[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}")
_NUMBER = re.compile(r"\+?[0-9]{7,15}")
_SERVICE = re.compile(r"\+?[0-9]{3,6}")
_CAMPAIGN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_READABLE = {"", "text", "image", "audio", "voice", "video", "document", "sticker", "location"}
_READABLE |= {"button", "interactive", "contacts"}
_CARDS = {"text/vcard", "text/x-vcard", "text/directory"}


def address_of(field: str) -> str:
    """Return a number as +..., a WhatsApp business-scoped id as it is, or anything else bare.

    >>> address_of("whatsapp:+12025550143"), address_of("12025550143"), address_of("ACME")
    ('+12025550143', '+12025550143', 'ACME')
    """
    bare = field.strip().removeprefix("whatsapp:").strip()
    return f"+{bare.lstrip('+')}" if _NUMBER.fullmatch(bare) else bare


def is_person(address: str) -> bool:
    """Return whether somebody could read our answer there: no short code, no company name."""
    return bool(_NUMBER.fullmatch(address) or _BUSINESS_ID.fullmatch(address))


def business_id(field: str) -> str:
    """Return a business-scoped id, or "" for anything else."""
    bare = field.strip().removeprefix("whatsapp:")
    return bare if _BUSINESS_ID.fullmatch(bare) else ""


def message_of(fields: Mapping[str, str], channel: str, key: str) -> InboundMessage:
    """Return the message in a form; raise ``RequestError`` if it has no sender or no id."""
    sender = address_of(fields.get("From", ""))
    provider_id = next(
        (fields[name] for name in ("MessageSid", "SmsMessageSid", "SmsSid") if fields.get(name)), ""
    )
    if not sender or not provider_id:
        raise RequestError("no sender or no id")
    text, flags = clean(fields.get("Body", ""))
    attachments, contact = _files(fields)
    location = _location(fields)
    kind: Kind = "text"
    if location:
        kind = "location"
    elif attachments:
        kind = "media"
    elif contact or fields.get("MessageType") == "contacts":
        kind, text = "contact", ""
    elif fields.get("MessageType", "") not in _READABLE or not text:
        kind = "unsupported"
    campaign = fields.get("ReferralSourceId", "")
    return InboundMessage(
        channel=channel,
        user_ref=user_ref(key, channel, sender),
        provider_id=provider_id,
        kind=kind,
        text=text,
        args=campaign if _CAMPAIGN.fullmatch(campaign) else None,
        attachments=attachments,
        location=location,
        reply_to=fields.get("OriginalRepliedMessageSid") or None,
        flags=(*flags, *_forwarded(fields)),
        received_at=time.time(),
    )


def receipt_of(hook: Webhook) -> Receipt | None:
    """Return the receipt in a status request, or None if it names no message or no status."""
    fields = form(hook)
    provider_id = fields.get("MessageSid") or fields.get("SmsSid", "")
    status = fields.get("MessageStatus") or fields.get("SmsStatus", "")
    if not provider_id or not status:
        return None
    return Receipt(provider_id, status.lower(), fields.get("ErrorCode", ""), _reference(hook.url))


def _reference(url: str) -> str:
    """Return our own id from the address we gave; not everything in an address is ours."""
    with suppress(ValueError, IndexError, KeyError):
        return str(UUID(parse_qs(urlsplit(url).query)["m"][0]))
    return ""


def _files(fields: Mapping[str, str]) -> tuple[tuple[Attachment, ...], bool]:
    """Return the files we can use, and whether there was a contact card (which we do not keep)."""
    found: list[Attachment] = []
    card = False
    for number in range(min(_count(fields.get("NumMedia", "")), MOST_FILES)):
        url = fields.get(f"MediaUrl{number}", "")
        mime = fields.get(f"MediaContentType{number}", "").partition(";")[0].strip().lower()
        card = card or mime in _CARDS
        if not url or not allowed(mime):
            continue
        # Whoever could choose the host could make us ask our own network.
        ours = urlsplit(url).scheme == "https" and urlsplit(url).hostname == media.HOST
        found.append(
            Attachment(_type(mime, fields.get("MessageType", "")), mime, url if ours else "")
        )
    return tuple(found), card


def _type(mime: str, message_type: str) -> str:
    if message_type == "sticker":
        return "sticker"
    if mime == "audio/ogg":  # what WhatsApp records
        return "voice"
    family = mime.partition("/")[0]
    return family if family in ("image", "audio", "video") else "document"


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _location(fields: Mapping[str, str]) -> Location | None:
    try:
        lat, lon = float(fields["Latitude"]), float(fields["Longitude"])
    except (KeyError, ValueError):
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    label = ", ".join(part for part in (fields.get("Label"), fields.get("Address")) if part)
    return Location(lat, lon, clean(label)[0][:200])


def _forwarded(fields: Mapping[str, str]) -> tuple[str, ...]:
    if fields.get("FrequentlyForwarded", "").lower() == "true":
        return ("forwarded_many",)
    return ("forwarded",) if fields.get("Forwarded", "").lower() == "true" else ()


def is_service(address: str) -> bool:
    """Return whether an address is a short code."""
    return bool(_SERVICE.fullmatch(address))
