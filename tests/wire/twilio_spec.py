"""Twilio's own description of its API, cut to what we call, as Prism can enforce it.

Four things in it are true of Twilio but not sayable, or not said, in its OpenAPI: lists are
repeated form fields; a text has at most 1600 characters; a message has a text, a file or a
content; a content goes without a text. We add them here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SOURCE = FOLDER / "node_modules/@twilio/cli-core/src/services/twilio-api"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
FORM = "application/x-www-form-urlencoded"


def build(target: Path) -> dict[str, Any]:
    """Write the description of messages and contents to ``target`` and return it."""
    spec = json.loads((SOURCE / "twilio_api_v2010.json").read_text())
    contents = json.loads((SOURCE / "twilio_content_v1.json").read_text())
    spec["paths"] = {path: what for path, what in spec["paths"].items() if "/Messages" in path}
    spec["paths"]["/v1/Content"] = contents["paths"]["/v1/Content"]
    for path in spec["paths"].values():
        path.pop("servers", None)
    spec["servers"] = [{"url": "/"}]
    for kind, parts in contents["components"].items():
        spec["components"].setdefault(kind, {}).update(parts)
    _repair(spec)
    target.write_text(json.dumps(spec))
    return dict(spec)


def parameters(spec: dict[str, Any]) -> set[str]:
    """Return the names of everything that Twilio takes for a message; Prism lets others pass."""
    return set(_form(spec)["schema"]["properties"])


def _form(spec: dict[str, Any]) -> dict[str, Any]:
    return dict(spec["paths"][MESSAGES]["post"]["requestBody"]["content"])[FORM]  # type: ignore[no-any-return]


def _repair(spec: dict[str, Any]) -> None:
    form = _form(spec)
    schema = form["schema"]
    form["encoding"] = {
        name: {"style": "form", "explode": True, "allowReserved": True}
        for name, kind in schema["properties"].items()
        if kind.get("type") == "array"
    }
    schema["properties"]["Body"]["maxLength"] = 1600
    schema["anyOf"] = [{"required": [name]} for name in ("Body", "MediaUrl", "ContentSid")]
    schema["not"] = {"required": ["ContentSid", "Body"]}
    refusal = {"code": 99422, "message": "not what Twilio's OpenAPI says", "status": 422}
    for path in (MESSAGES, "/v1/Content"):
        spec["paths"][path]["post"]["responses"]["422"] = {
            "description": "a request that Twilio's OpenAPI does not allow",
            "content": {"application/json": {"schema": {"type": "object"}, "example": refusal}},
        }
