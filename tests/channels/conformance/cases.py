"""How a case is written down, and what of ours its lines stand for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from bot.messages import Choice, Location, Media, OutboundMessage
from channels.base import Webhook

Case = dict[str, Any]
MORE = "Más…"  # what the content calls the way to further choices


def is_conversation(case: Case) -> bool:
    """Return whether the assistant decides what happens: the real one then answers."""
    return any(event["type"].startswith("erasure.") for event in case["expect"].get("events", ()))


def requests_of(case: Case, fixtures: Mapping[str, Any]) -> list[Webhook]:
    """Return a case's requests, in order."""
    given = case["given"]
    listed = given.get("requests") or ([given["request"]] if "request" in given else [])
    found = [as_hook(request) for request in listed]
    if "burst" in given:
        burst = given["burst"]
        found += [_again(burst["template"], n, fixtures) for n in range(burst["count"])]
    return found


def _again(template: dict[str, Any], number: int, fixtures: Mapping[str, Any]) -> Webhook:
    """Return one of many requests: with an id of its own, and therefore signed anew."""
    fields = {**template["form"], "MessageSid": f"SM{number:032x}"}
    url = fixtures["public_base_url"] + template["path"]
    signature = RequestValidator(fixtures["twilio_auth_token"]).compute_signature(url, fields)
    headers = {**template["headers"], "X-Twilio-Signature": signature}
    return Webhook(template["path"], "POST", headers, urlencode(fields).encode())


def as_hook(request: dict[str, Any]) -> Webhook:
    """Return a case's request."""
    body = b""
    if "form" in request:
        body = urlencode(request["form"]).encode()
    elif "json" in request:
        body = json.dumps(request["json"]).encode()
    elif "raw_body" in request:
        body = request["raw_body"].encode()
    elif "raw_body_size" in request:
        body = b"x" * request["raw_body_size"]
    path = request["path"]
    assert not urlsplit(path).netloc
    return Webhook(path, request["method"], request.get("headers") or {}, body)


def as_reply(send: dict[str, Any]) -> OutboundMessage:
    """Return a case's reply as ours."""
    template = send.get("template") or {}
    place = send.get("location")
    return OutboundMessage(
        text=send.get("text", ""),
        choices=tuple(
            Choice(c["title"], c.get("id", ""), c.get("description", ""), c.get("url", ""))
            for c in send.get("choices", ())
        ),
        media=tuple(Media(m["type"], m["url"], m.get("alt", "")) for m in send.get("media", ())),
        location=Location(place["lat"], place["lon"], place.get("label") or "") if place else None,
        more_title=MORE,
        alphabet=send.get("sms_charset", "native"),
        purpose=send.get("purpose", "reply"),
        template=template.get("name"),
        template_values={str(n): value for n, value in enumerate(template.get("vars", ()), 1)},
        language=template.get("lang", "es"),
    )
