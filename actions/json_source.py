"""A value out of any JSON that a campaign or an office publishes.

A fact says where: ``live: {reader: json, query: {url: ..., pointer: /fees/0/usd, type: number}}``.
The pointer is RFC 6901's (https://www.rfc-editor.org/rfc/rfc6901); ``published`` is a second one,
to the day since which the value holds. What is not of the type is not said.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import httpx

from actions.live_source import LiveSource, Reading, Value, get_json

LONGEST = 200  # characters of a text: a value is no essay


def _number(found: Any) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or found < 0:
        raise TypeError("no number")
    return float(found)


def _date(found: Any) -> date:
    return date.fromisoformat(found[:10])


def _text(found: Any) -> str:
    if not isinstance(found, str) or not 0 < len(found.strip()) <= LONGEST:
        raise TypeError("no text")
    return found.strip()


TYPES: Mapping[str, Callable[[Any], Value]] = {"number": _number, "date": _date, "text": _text}


class JsonSource(LiveSource):
    """Reads one value of a document."""

    async def read(self, client: httpx.AsyncClient, query: Mapping[str, str]) -> Reading | None:
        document = await get_json(client, query["url"])
        value = TYPES[query["type"]](at(document, query["pointer"]))
        pointer = query.get("published")
        published = _date(at(document, pointer)) if pointer else None
        return Reading(value, published, query["url"], time.time())


def at(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer points to; raise ``KeyError`` or ``ValueError`` if nothing.

    >>> at({"fees": [{"a/b": 7}]}, "/fees/0/a~1b")
    7
    """
    found = document
    for raw in pointer.split("/")[1:]:
        name = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list):
            if not name.isdecimal() or int(name) >= len(found):
                raise KeyError(pointer)
            found = found[int(name)]
        elif isinstance(found, dict):
            found = found[name]
        else:
            raise KeyError(pointer)
    return found
