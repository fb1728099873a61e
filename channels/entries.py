"""Entries of the outbox, as the sender reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.runtime.outbox import Reply


@dataclass(frozen=True)
class Entry:
    """One entry of a stream: a reply, or only one part of it."""

    partition: int
    id: str
    stream: str
    reply: Reply
    raw: bytes  # the reply as the stream holds it
    born: float  # when the reply was written, in seconds since 1970
    only: int = -1
    tries: int = 0
    again: bool = False  # send this part although it was taken before

    @classmethod
    def read(
        cls, partition: int, entry: str, fields: Mapping[bytes, bytes], stream: str
    ) -> Entry | None:
        """Return the entry, or None if it is none of ours."""
        try:
            only = int(fields.get(b"part", b"-1"))
            raw = fields[b"reply"]
            return cls(
                partition,
                entry,
                stream,
                Reply.from_json(raw),
                raw,
                born=float(fields.get(b"born") or int(entry.partition("-")[0]) / 1000),
                only=only,
                tries=int(fields.get(b"tries", b"0")),
                again=only >= 0 and fields.get(b"why") == b"again",
            )
        except (KeyError, TypeError, ValueError):
            return None
