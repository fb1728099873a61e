"""Parts of Telegram's messages: a language code, a file, a place."""

from __future__ import annotations

import re
from typing import Any

from telegram import Message

from bot.messages import Attachment, Location
from bot.text import clean
from channels.files import allowed

SMALL_PHOTO = 100_000  # bytes; a larger copy costs people and us, and shows no more
LARGEST_FILE = 20 * 1024 * 1024  # bytes; Telegram gives bots no larger files

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Codes that name no language; odd clients send them.
_NO_LANGUAGE = {"xx", "zz", "und", "mul", "zxx"}


def language_hint(code: str | None) -> str | None:
    """Return Telegram's language code as a BCP 47 tag, or None if it is none.

    >>> language_hint("pt-br"), language_hint("es-419"), language_hint("xx")
    ('pt-BR', 'es-419', None)
    """
    if not code or not _TAG.fullmatch(code):
        return None
    language, *rest = code.split("-")
    if language.lower() in _NO_LANGUAGE:
        return None
    return "-".join([language.lower(), *(p.upper() if len(p) == 2 else p.title() for p in rest)])


def attachment_of(message: Message) -> tuple[Attachment | None, bool]:
    """Return the file of a message if we accept its type, and whether it is too large to get."""
    if message.photo:
        sizes = sorted(message.photo, key=lambda photo: photo.file_size or 0)
        small = [photo for photo in sizes if (photo.file_size or 0) <= SMALL_PHOTO]
        return Attachment("image", "image/jpeg", (small or sizes[:1])[-1].file_id), False
    kinds = (
        ("voice", message.voice, "audio/ogg"),
        ("audio", message.audio, "audio/mpeg"),
        ("video", message.video, "video/mp4"),
        ("video", message.video_note, "video/mp4"),
        ("document", message.document, ""),
    )
    for type_, file, usual in kinds:
        if file is None:
            continue
        mime = (getattr(file, "mime_type", None) or usual).lower()
        if not allowed(mime):
            return None, False
        too_large = (file.file_size or 0) > LARGEST_FILE
        seconds = _seconds(getattr(file, "duration", 0))
        return Attachment(type_, mime, "" if too_large else file.file_id, seconds), too_large
    return None, False


def location_of(message: Message) -> Location | None:
    place = message.location
    if place is None or not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        return None
    venue = message.venue
    label = ", ".join(filter(None, (venue.title, venue.address))) if venue else ""
    return Location(place.latitude, place.longitude, clean(label)[0][:200])


def _seconds(duration: Any) -> int:
    # PTB gives a number or, with PTB_TIMEDELTA set, a timedelta.
    return int(duration.total_seconds() if hasattr(duration, "total_seconds") else duration or 0)
