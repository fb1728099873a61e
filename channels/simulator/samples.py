"""The files that phones send, and those that arrive on them."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

KEPT = 200
_FOLDER = Path(__file__).parent / "sample_files"
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"OggS", "audio/ogg"),
    (b"RIFF", "image/webp"),
    (b"%PDF-", "application/pdf"),
)


class File(NamedTuple):
    """A file's bytes and type."""

    content: bytes
    mime: str


def sample(kind: str) -> File:
    """Return what a person's phone sends as "voice", "image" or "sticker"."""
    name, mime = {
        "voice": ("voice.ogg", "audio/ogg"),
        "image": ("photo.jpg", "image/jpeg"),
        "sticker": ("sticker.webp", "image/webp"),
    }[kind]
    return File((_FOLDER / name).read_bytes(), mime)


def type_of(content: bytes) -> str:
    """Return a file's type by its beginning; what is unknown is shown by nobody."""
    for beginning, mime in _BEGINNINGS:
        if content.startswith(beginning):
            return mime
    return "application/octet-stream"


class Files:
    """Files under an id that cannot be guessed; the oldest go."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, File] = OrderedDict()

    def keep(self, file: File) -> str:
        """Return the id under which a file can be fetched from now on."""
        id_ = secrets.token_urlsafe(24)
        self._files[id_] = file
        while len(self._files) > KEPT:
            self._files.popitem(last=False)
        return id_

    def get(self, id_: str) -> File | None:
        return self._files.get(id_)
