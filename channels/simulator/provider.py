"""What the provider ends have in common: reading a request the way the real ones do."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from sanic.request import Request


def form(request: Request) -> dict[str, list[str]]:
    """Return form fields with blank ones kept, which Sanic's own parser drops."""
    text = request.body.decode("utf-8", "replace")
    return parse_qs(text, keep_blank_values=True)


def json_object(request: Request) -> dict[str, Any] | None:
    """Return a JSON body, or None if it is not an object."""
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def basic_auth(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Return user and password of a request, or None."""
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user, password


def is_web_address(text: str) -> bool:
    """Return whether a text is an http(s) address without blanks."""
    scheme, found, rest = text.partition("://")
    host = rest.partition("/")[0]
    blank = any(char.isspace() for char in text)
    return bool(found) and scheme in ("http", "https") and bool(host) and not blank
