"""Twilio's refusals, in its own words and JSON.

https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

from sanic import response
from sanic.response import HTTPResponse

# code -> HTTP status, message; {} is filled with what was wrong
_TEXTS: dict[int, tuple[int, str]] = {
    20001: (400, "{}"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {} was not found"),
    21211: (400, "The 'To' number {} is not a valid phone number."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number {} is not a valid, SMS-capable inbound phone number or short code"
        " for your account.",
    ),
    21609: (400, "The 'StatusCallback' URL {} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21619: (400, "A text message body or media urls must be specified."),
    21620: (400, "Invalid media URL(s): {}"),
    21623: (400, "Number of media files exceeds allowed limit."),
    21655: (400, "The ContentSid {} is invalid."),
    21656: (400, "The ContentVariables Parameter is invalid."),
    21701: (400, "The Messaging Service {} does not exist."),
    21910: (400, "Invalid From and To pair. From and To should be of the same channel"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}

# What a message can fail of after it was taken, told in its status callback.
LATER: dict[int, str] = {
    63016: "Failed to send freeform message because you are outside the allowed window.",
    63021: "Channel invalid content error",
    63024: "Invalid message recipient",
    30005: "Unknown destination handset",
}


class TwilioRefusal(Exception):
    """A request that Twilio answers with an error; ``text`` fills the message."""

    def __init__(self, code: int, text: str = "") -> None:
        self.code = code
        self.status, message = _TEXTS[code]
        self.message = message.format(text)
        super().__init__(self.message)

    def answer(self) -> HTTPResponse:
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return response.json(body, self.status)
