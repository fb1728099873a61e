"""Twilio's prepared contents: made by API, filled with variables when sent.

https://www.twilio.com/docs/content/content-types-overview
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from channels.simulator.kept import Kept
from channels.simulator.twilio_errors import TwilioRefusal

KEPT = 500
BODY, TITLE, ID, ITEM, DESCRIPTION, LIST_BUTTON = 1024, 20, 200, 24, 72, 20
_BUTTONS, _ITEMS = range(1, 11), range(1, 11)
_BUTTONS_IN_SESSION = 3
_VARIABLE = re.compile(r"\{\{(\w{1,16})\}\}")
_TYPES = ("twilio/text", "twilio/media", "twilio/quick-reply", "twilio/list-picker")


class Contents:
    """The contents of one account."""

    def __init__(self, account_sid: str, kept: Kept) -> None:
        self._account = account_sid
        self._kept = kept
        stored = kept.get("contents").items()
        self._all = {sid: made for sid, made in stored if made["account_sid"] == account_sid}

    def make(self, wanted: Mapping[str, Any] | None, base: str) -> dict[str, Any]:
        """Return a new content; raise ``TwilioRefusal`` for one that Twilio would not take."""
        if not wanted or not isinstance(wanted.get("types"), dict) or not wanted["types"]:
            raise TwilioRefusal(20001, "types is required")
        if not wanted.get("language"):
            raise TwilioRefusal(20001, "language is required")
        for name, type_ in wanted["types"].items():
            _check(str(name), type_)
        sid, now = "HX" + secrets.token_hex(16), datetime.now(timezone.utc).isoformat()
        made = {
            "sid": sid,
            "account_sid": self._account,
            "friendly_name": wanted.get("friendly_name"),
            "language": wanted["language"],
            "variables": wanted.get("variables") or {},
            "types": wanted["types"],
            "date_created": now,
            "date_updated": now,
            "url": f"{base}/{sid}",
            "links": {
                "approval_create": f"{base}/{sid}/ApprovalRequests/whatsapp",
                "approval_fetch": f"{base}/{sid}/ApprovalRequests",
            },
        }
        self._all[sid] = made
        self._store()
        return made

    def get(self, sid: str) -> dict[str, Any] | None:
        return self._all.get(sid)

    def remove(self, sid: str) -> bool:
        found = self._all.pop(sid, None) is not None
        self._store()
        return found

    def list(self) -> list[dict[str, Any]]:
        return list(reversed(self._all.values()))

    def _store(self) -> None:
        self._kept.put("contents", self._all, KEPT)


def read_variables(text: str) -> dict[str, str]:
    """Return the variables of a request; raise ``TwilioRefusal`` unless a JSON object of words."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        raise TwilioRefusal(21656) from None
    if not isinstance(found, dict):
        raise TwilioRefusal(21656)
    for key, value in found.items():
        if not isinstance(value, str) or not value or len(value) > 1600 or len(key) > 16:
            raise TwilioRefusal(21656)
    return found


def fill(content: Mapping[str, Any], variables: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Return type and fields of a content with its variables filled in.

    Raise ``TwilioRefusal`` (21656) for one that neither the request nor the content fills.
    """
    values = {**content["variables"], **variables}
    name = next(iter(content["types"]))

    def filled(part: Any) -> Any:
        if isinstance(part, str):
            return _VARIABLE.sub(lambda found: value(found.group(1)), part)
        if isinstance(part, list):
            return [filled(item) for item in part]
        if isinstance(part, dict):
            return {key: filled(item) for key, item in part.items()}
        return part

    def value(key: str) -> str:
        if not values.get(key):
            raise TwilioRefusal(21656)
        return str(values[key])

    return name, filled(content["types"][name])


def too_much(name: str, fields: Mapping[str, Any]) -> bool:
    """Return whether WhatsApp would refuse a filled content (63021): lengths, repeated titles."""
    choices = fields.get("actions") or fields.get("items") or []
    titles = [choice.get("title") or choice.get("item") or "" for choice in choices]
    longest = TITLE if name == "twilio/quick-reply" else ITEM
    return (
        len(fields.get("body") or "") > BODY
        or len(fields.get("button") or "") > LIST_BUTTON
        or len(set(titles)) < len(titles)
        or (name == "twilio/quick-reply" and len(choices) > _BUTTONS_IN_SESSION)
        or any(not 1 <= len(title) <= longest for title in titles)
        or any(len(choice.get("id") or "") > ID for choice in choices)
        or any(len(choice.get("description") or "") > DESCRIPTION for choice in choices)
    )


def _check(name: str, type_: Any) -> None:
    if name not in _TYPES:
        raise TwilioRefusal(20001, f"type {name} is not supported by the simulator")
    if not isinstance(type_, dict) or not (type_.get("body") or type_.get("media")):
        raise TwilioRefusal(20001, f"{name}: body is required")
    if name == "twilio/quick-reply":
        _check_choices(name, type_.get("actions"), _BUTTONS, "title")
    if name == "twilio/list-picker":
        if not type_.get("button"):
            raise TwilioRefusal(20001, f"{name}: button is required")
        _check_choices(name, type_.get("items"), _ITEMS, "item")


def _check_choices(name: str, choices: Any, count: range, title: str) -> None:
    if not isinstance(choices, list) or len(choices) not in count:
        raise TwilioRefusal(20001, f"{name}: between {count[0]} and {count[-1]} choices")
    for choice in choices:
        if not isinstance(choice, dict) or not choice.get(title) or not choice.get("id"):
            raise TwilioRefusal(20001, f"{name}: every choice needs {title} and id")
