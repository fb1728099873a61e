"""WhatsApp's menus at Twilio: made once, all their words variables, found again by name.

Twilio sends buttons and lists only as prepared "contents". We prepare one of each size; the
texts come with each message.
https://www.twilio.com/docs/content/content-types-overview
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import settings
from bot.messages import Choice
from channels.twilio.account import CONTENT, Account

BUTTONS = range(1, 4)
ITEMS = range(1, 11)
FILE = "twilio-contents.json"
_PREFIX = "faro_v1_"


def name_of(choices: Sequence[Choice], as_list: bool) -> str:
    """Return the name of the content that holds these choices."""
    if not as_list:
        return f"quick_reply_{len(choices)}"
    described = "_described" if any(choice.description for choice in choices) else ""
    return f"list_picker_{len(choices)}{described}"


def variables(body: str, button: str, choices: Sequence[Choice], as_list: bool) -> dict[str, str]:
    """Return the words of a content: the body, a list's button, then each choice.

    None may be empty: Twilio then refuses all of it (21656).
    """
    words = [body] + ([button] if as_list else [])
    described = as_list and any(choice.description for choice in choices)
    for choice in choices:
        words += [choice.title, choice.payload]
        words += [choice.description or choice.title] if described else []
    return {str(number): word for number, word in enumerate(words, 1)}


def definitions() -> dict[str, dict[str, Any]]:
    """Return every content we need, as Twilio's API takes it, by name."""
    found = {}
    for count in BUTTONS:
        actions = [
            {"title": f"{{{{{2 * n + 2}}}}}", "id": f"{{{{{2 * n + 3}}}}}"} for n in range(count)
        ]
        found[f"quick_reply_{count}"] = {
            "twilio/quick-reply": {"body": "{{1}}", "actions": actions}
        }
    for count in ITEMS:
        for described in (False, True):
            width = 3 if described else 2
            items = []
            for n in range(count):
                first = 3 + width * n
                item = {"item": f"{{{{{first}}}}}", "id": f"{{{{{first + 1}}}}}"}
                if described:
                    item["description"] = f"{{{{{first + 2}}}}}"
                items.append(item)
            name = f"list_picker_{count}" + ("_described" if described else "")
            found[name] = {
                "twilio/list-picker": {"body": "{{1}}", "button": "{{2}}", "items": items}
            }
    return found


class Contents:
    """The ids (HX...) of our contents, kept in a file because they are made once per account."""

    def __init__(self, sids: dict[str, str], path: Path | None = None) -> None:
        self._sids = sids
        self._path = path

    @classmethod
    def stored(cls, account: Account) -> Contents:
        """Return what an earlier set-up made in this account; nothing if there was none."""
        path = settings.var_folder() / FILE
        known = json.loads(path.read_text()) if path.exists() else {}
        return cls(known.get(account.sid, {}), path)

    def sid(self, name: str) -> str:
        """Return the id of a content, or "" if it was never made."""
        return self._sids.get(name, "")

    @property
    def complete(self) -> bool:
        return set(definitions()) <= set(self._sids)

    async def make(self, account: Account) -> None:
        """Make what is missing at Twilio and remember all of it."""
        there = await self._existing(account)
        url = account.address(CONTENT, "/v1/Content")
        for name, types in definitions().items():
            if name not in there:
                body = {"friendly_name": _PREFIX + name, "language": "es", "types": types}
                body["variables"] = {}
                there[name] = str((await account.request("POST", url, json=body))["sid"])
        self._sids.update(there)
        if self._path:
            known = json.loads(self._path.read_text()) if self._path.exists() else {}
            self._path.write_text(json.dumps({**known, account.sid: self._sids}, indent=1))

    async def _existing(self, account: Account) -> dict[str, str]:
        found: dict[str, str] = {}
        url = account.address(CONTENT, "/v1/Content?PageSize=500")
        while url:
            page = await account.request("GET", url)
            for content in page.get("contents", []):
                name = str(content.get("friendly_name", ""))
                if name.startswith(_PREFIX):
                    found[name.removeprefix(_PREFIX)] = str(content["sid"])
            url = str((page.get("meta") or {}).get("next_page_url") or "")
        return found
