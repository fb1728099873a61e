"""Twilio's requests to us, field by field: what a person sent, and what became of a message.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from channels.simulator.config import Config
from channels.simulator.postman import Post
from channels.simulator.twilio_messages import segments

PROFILE = "Persona de prueba"
_MEDIA = {"image": ("image", "image/jpeg"), "voice": ("audio", "audio/ogg")}


def inbound(config: Config, channel: str, phone: str, what: Mapping[str, Any]) -> tuple[str, Post]:
    """Return the id of a new message of a person, and the request that tells us of it.

    ``what`` has text, voice, image, location (lat, lon), sticker, or choice with its title.
    """
    media = _media_of(what)
    sid = ("MM" if media else "SM") + secrets.token_hex(16)
    fields = _whatsapp(what, media) if channel == "whatsapp" else _sms(what)
    prefix = "whatsapp:" if channel == "whatsapp" else ""
    fields |= {
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "MessageSid": sid,
        "AccountSid": config.account_sid,
        "SmsStatus": "received",
        "From": prefix + phone,
        "To": prefix + config.number(channel),
        "NumMedia": "1" if media else "0",
        "ApiVersion": "2010-04-01",
    }
    if channel == "whatsapp":
        fields["WaId"] = phone.lstrip("+")
    if config.service_sid:
        fields["MessagingServiceSid"] = config.service_sid
    if media:
        at = f"https://api.twilio.com/2010-04-01/Accounts/{config.account_sid}/Messages/{sid}"
        fields |= {
            "MediaUrl0": f"{at}/Media/ME{secrets.token_hex(16)}",
            "MediaContentType0": media[1],
        }
    return sid, signed(config, f"{config.public_url}/webhooks/{channel}/inbound", fields)


def status(config: Config, callback: str, record: Mapping[str, Any], error: str = "") -> Post:
    """Return the status callback for a message as its record stands."""
    fields = {
        "SmsSid": record["sid"],
        "SmsStatus": record["status"],
        "MessageStatus": record["status"],
        "To": record["to"],
        "MessageSid": record["sid"],
        "AccountSid": record["account_sid"],
        "From": record["from"],
        "ApiVersion": "2010-04-01",
    }
    if record["messaging_service_sid"]:
        fields["MessagingServiceSid"] = record["messaging_service_sid"]
    if record["to"].startswith("whatsapp:"):
        fields["ChannelPrefix"] = "whatsapp"
        if record["status"] == "read":
            fields["EventType"] = "READ"
    if record["error_code"]:
        fields |= {"ErrorCode": str(record["error_code"]), "ErrorMessage": error}
    return signed(config, callback, fields)


def signed(config: Config, url: str, fields: Mapping[str, str]) -> Post:
    """Return a request as Twilio signs it: over the address it was given and all fields."""
    signature = RequestValidator(config.auth_token).compute_signature(url, dict(fields))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        "X-Twilio-Signature": signature,
    }
    return Post(url, headers, urlencode(fields).encode())


def _media_of(what: Mapping[str, Any]) -> tuple[str, str] | None:
    if what.get("sticker"):
        return "sticker", "image/webp"
    return next((_MEDIA[kind] for kind in _MEDIA if what.get(kind)), None)


def _sms(what: Mapping[str, Any]) -> dict[str, str]:
    text = str(what.get("text") or "")
    blank = dict.fromkeys(
        ("FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip"), ""
    )  # Twilio sends and signs these, mostly empty
    return {
        **blank,
        "FromCountry": "HN",
        "ToCountry": "US",
        "Body": text,
        "NumSegments": str(segments(text)["segments"]),
    }


def _whatsapp(what: Mapping[str, Any], media: tuple[str, str] | None) -> dict[str, str]:
    fields = {
        "ProfileName": PROFILE,
        "MessageType": media[0] if media else "text",
        "Body": str(what.get("text") or what.get("title") or ""),
        "NumSegments": "1",
        "ReferralNumMedia": "0",
    }
    if what.get("location"):
        lat, lon = what["location"]
        fields |= {"MessageType": "location", "Latitude": f"{lat:.6f}", "Longitude": f"{lon:.6f}"}
    elif what.get("from_list"):
        fields |= {
            "MessageType": "interactive",
            "ListId": what["choice"],
            "ListTitle": what["title"],
        }
    elif what.get("choice"):
        fields |= {
            "MessageType": "interactive",
            "ButtonPayload": what["choice"],
            "ButtonText": what["title"],
        }
    if what.get("reply_to"):
        fields |= {"OriginalRepliedMessageSid": str(what["reply_to"])}
    return fields
