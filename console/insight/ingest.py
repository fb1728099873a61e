"""Reads the bot's event stream into our tables, each event exactly once.

The place reached is saved in the transaction that stores the events: killed before, nothing
was read; after, all of it was. The stream's ids are unique here too, should two of us read.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timezone
from typing import Any

from django.db import transaction
from redis import Redis

from bot.runtime import keys, store
from console import config
from console.insight.models import Cursor, Happening, Unanswered

logger = logging.getLogger(__name__)

BATCH = 500


def ingest(client: Redis[bytes] | None = None) -> int:
    """Read all that is new; return how many events were stored."""
    if client is None:
        url = config.redis_url()
        if not url:
            return 0
        client = store.client(url)
    total = 0
    while True:
        stored, seen = _batch(client)
        total += stored
        if seen < BATCH:
            return total


@transaction.atomic
def _batch(client: Redis[bytes]) -> tuple[int, int]:
    Cursor.objects.get_or_create(stream=keys.EVENTS)
    cursor = Cursor.objects.select_for_update().get(stream=keys.EVENTS)
    answer = client.xread({keys.EVENTS: cursor.last}, count=BATCH)
    if not answer:
        return 0, 0
    entries = answer[0][1]
    happenings, questions, chosen = [], [], {}
    for entry, fields in entries:
        try:
            type_, at, details = read(fields)
        except (KeyError, ValueError):
            logger.warning("ingest.unreadable entry=%s", entry.decode())
            continue
        if type_ == "not_understood":
            questions.append(_question(at, details))
            details = {k: v for k, v in details.items() if k != "sealed"}
        if type_ == "chosen":
            chosen[str(details.get("message"))] = _short(details, "label", 60)
        happenings.append(_happening(entry.decode(), type_, at, details))
    Happening.objects.bulk_create(happenings, ignore_conflicts=True)
    Unanswered.objects.bulk_create(questions, ignore_conflicts=True)
    for message, label in chosen.items():
        Unanswered.objects.filter(message=message).update(chosen=label)
    cursor.last = entries[-1][0].decode()
    cursor.save()
    return len(happenings), len(entries)


def read(fields: dict[bytes, bytes]) -> tuple[str, datetime, dict[str, Any]]:
    """Return type, time and details of an entry; raise ``ValueError`` if it holds no event."""
    at = datetime.fromtimestamp(float(fields[b"at"]), timezone.utc)
    details = json.loads(fields[b"details"])
    if not isinstance(details, dict):
        raise ValueError("details are no object")
    return fields[b"type"].decode(), at, details


def _happening(entry: str, type_: str, at: datetime, details: dict[str, Any]) -> Happening:
    helpful, release = details.get("helpful"), details.get("release")
    return Happening(
        entry=entry,
        type=type_[:40],
        at=at,
        day=at.date(),
        channel=_short(details, "channel", 20),
        language=_short(details, "language", 8),
        country=_short(details, "country", 4),
        label=_short(details, "label", 60),
        crisis=_short(details, "crisis", 30),
        release=release if isinstance(release, int) else None,
        helpful=helpful if isinstance(helpful, bool) else None,
        details=details,
    )


def _question(at: datetime, details: dict[str, Any]) -> Unanswered:
    return Unanswered(
        message=str(details.get("message"))[:120],
        at=at,
        channel=_short(details, "channel", 20),
        language=_short(details, "language", 8),
        country=_short(details, "country", 4),
        nearest=details.get("top") or [],
        sealed=str(details.get("sealed") or ""),
        expires=datetime.fromtimestamp(float(details.get("expires") or 0), timezone.utc),
    )


def _short(details: dict[str, Any], name: str, length: int) -> str:
    return str(details.get(name) or "")[:length]
