"""Which files we accept from people, and fetching them from the provider and nobody else.

A file's type is believed only when its first bytes agree. Nothing is opened or shown.
"""

from __future__ import annotations

MEGABYTE = 1024 * 1024

# type -> (largest size in bytes, what such a file begins with and where)
_TYPES: dict[str, tuple[int, tuple[tuple[int, bytes], ...]]] = {
    "image/jpeg": (5 * MEGABYTE, ((0, b"\xff\xd8\xff"),)),
    "image/png": (5 * MEGABYTE, ((0, b"\x89PNG\r\n\x1a\n"),)),
    "image/webp": (5 * MEGABYTE, ((8, b"WEBP"),)),
    "audio/ogg": (16 * MEGABYTE, ((0, b"OggS"),)),
    "audio/amr": (16 * MEGABYTE, ((0, b"#!AMR"),)),
    "audio/mpeg": (
        16 * MEGABYTE,
        ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
    ),
    "audio/aac": (16 * MEGABYTE, ((0, b"\xff\xf1"), (0, b"\xff\xf9"))),
    "audio/mp4": (16 * MEGABYTE, ((4, b"ftyp"),)),
    "video/mp4": (16 * MEGABYTE, ((4, b"ftyp"),)),
    "application/pdf": (10 * MEGABYTE, ((0, b"%PDF-"),)),
}


def allowed(mime: str) -> bool:
    """Return whether we accept files of this type at all."""
    return mime in _TYPES


def largest(mime: str) -> int:
    """Return how many bytes such a file may have; 0 for a type we do not accept."""
    return _TYPES[mime][0] if mime in _TYPES else 0


def is_what_it_says(mime: str, content: bytes) -> bool:
    """Return whether the content begins as a file of that type does.

    >>> is_what_it_says("application/pdf", b"%PDF-1.7"), is_what_it_says("image/png", b"MZ")
    (True, False)
    """
    _, signs = _TYPES.get(mime, (0, ()))
    return any(content[at : at + len(sign)] == sign for at, sign in signs)
