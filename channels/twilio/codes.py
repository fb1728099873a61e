"""What Twilio's error codes mean for us; the same at creation and in a later receipt.

Texts: https://www.twilio.com/docs/api/errors/<code>
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from channels.errors import (
    AddressInvalid,
    ContentRefused,
    Misconfigured,
    OptedOut,
    Refused,
    SendError,
    Skipped,
    Suspended,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)

MINUTE, HOUR = 60.0, 3600.0

# code -> (kind, what it means in our words, how it is tried again)
_CODES: dict[str, tuple[Callable[..., SendError], str, dict[str, Any]]] = {
    "20003": (Misconfigured, "authentication", {"halts": True}),
    "20404": (Misconfigured, "account or service not found", {"halts": True}),
    "20429": (Throttled, "too many requests", {}),
    "21211": (AddressInvalid, "not a phone number", {}),
    "21614": (AddressInvalid, "not a mobile number", {"detail": "not mobile"}),
    "30005": (AddressInvalid, "unknown number", {}),
    "63003": (AddressInvalid, "no such address on the network", {}),
    "63024": (AddressInvalid, "not on WhatsApp", {"detail": "not on WhatsApp"}),
    "30006": (AddressInvalid, "landline", {"detail": "landline"}),
    "21408": (Misconfigured, "region not enabled", {}),
    "21610": (OptedOut, "the person stopped us", {}),
    "63014": (OptedOut, "the person blocked us", {}),
    "63033": (OptedOut, "the person blocked us", {}),
    "63015": (Unreachable, "sandbox not joined", {}),
    "21611": (Throttled, "queue full", {"again_after": MINUTE, "tries": 2}),
    "30001": (Throttled, "queue overflow", {"again_after": MINUTE, "tries": 2}),
    "63018": (Throttled, "channel rate", {"again_after": MINUTE, "tries": 3, "final": False}),
    "21612": (Misconfigured, "route", {}),
    "21606": (Misconfigured, "sender not ours", {"halts": True}),
    "63007": (Misconfigured, "no such sender", {"halts": True}),
    "63002": (Misconfigured, "sender not valid", {"halts": True}),
    "21617": (ContentRefused, "text too long", {}),
    "21619": (ContentRefused, "nothing to say", {}),
    "21620": (ContentRefused, "file not fetchable", {"again_after": MINUTE}),
    "63019": (ContentRefused, "file not fetchable", {"again_after": MINUTE}),
    "11200": (ContentRefused, "file not fetchable", {"again_after": MINUTE}),
    "63025": (Unavailable, "file exists already", {"again_after": MINUTE}),
    "21655": (ContentRefused, "no such template", {}),
    "21656": (ContentRefused, "template variables", {}),
    "63021": (ContentRefused, "template too long", {}),
    "63027": (ContentRefused, "no template in this language", {}),
    "63028": (ContentRefused, "template variables", {}),
    "63041": (ContentRefused, "template paused", {"detail": "template paused"}),
    "63042": (ContentRefused, "template disabled", {"detail": "template disabled"}),
    "63005": (ContentRefused, "content not allowed", {}),
    "63013": (ContentRefused, "against the network's policy", {}),
    "30003": (Unreachable, "phone away", {"again_after": 4 * HOUR, "tries": 2}),
    "30008": (Unreachable, "unknown", {"again_after": 4 * HOUR, "tries": 1}),
    "30004": (Refused, "blocked", {}),
    "30007": (Refused, "filtered by the carrier", {}),
    "30032": (Suspended, "toll-free number not verified", {}),
    "30034": (Suspended, "number not registered", {}),
    "63016": (WindowClosed, "more than 24 hours since the person wrote", {}),
    "63032": (Skipped, "network limit for this person", {}),
    "63049": (Skipped, "network limit for this person", {}),
    "63038": (Suspended, "daily limit of the account", {"detail": "daily limit"}),
    "63051": (Suspended, "sender restricted", {}),
}


def error_of(code: str, status: int = 400) -> SendError:
    """Return the error for a code; without a known one the HTTP status decides."""
    if code in _CODES:
        kind, meaning, more = _CODES[code]
        return kind(meaning, code, **more)
    if status == 429:
        return Throttled("too many requests", code)
    if status >= 500:
        return Unavailable(f"provider answered {status}", code)
    if status in (401, 403):
        return Misconfigured("authentication", code or str(status), halts=True)
    return Refused("refused", code or str(status))
