"""The entries of one partition that this process has taken and not yet handled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

Fields = dict[bytes, bytes]
Entry = tuple[bytes, Fields]
Handler = Callable[[int, str, Fields], Awaitable[None]]

PERSON = b"person"  # the field of an entry that says whose it is


class Share:
    """Handles each person's entries in order, and those of different people side by side.

    ``newest`` is the last entry that was added.
    Once ``over`` is set, no further entry is begun: whoever owns the partition next finds it.
    An entry that fails ends the share.
    """

    def __init__(self, partition: int, handle: Handler) -> None:
        self.over = asyncio.Event()
        self.newest = b"0-0"
        self._partition = partition
        self._handle = handle
        self._running: set[asyncio.Task[None]] = set()
        self._last: dict[bytes, asyncio.Task[None]] = {}  # of each person
        self._failure: Exception | None = None

    def __len__(self) -> int:
        return len(self._running)

    def add(self, entries: Sequence[Entry]) -> None:
        """Handle entries, each after those of the same person that were added before."""
        for entry, fields in entries:
            self.newest = entry
            if fields:  # it may have been deleted while it waited
                person = fields.get(PERSON, b"")
                self._last[person] = self._begin(person, entry.decode(), fields)

    async def finish(self) -> None:
        """Wait for the entries that were begun; raise what one of them raised."""
        self.over.set()
        while self._running:
            await asyncio.wait(self._running)
        if self._failure:
            raise self._failure

    def _begin(self, person: bytes, entry: str, fields: Fields) -> asyncio.Task[None]:
        task = asyncio.create_task(self._after(self._last.get(person), entry, fields))
        self._running.add(task)
        task.add_done_callback(lambda done: self._ended(person, done))
        return task

    async def _after(self, before: asyncio.Task[None] | None, entry: str, fields: Fields) -> None:
        if before is not None:
            await asyncio.wait([before])
        if self.over.is_set():
            return
        try:
            await self._handle(self._partition, entry, fields)
        except Exception as error:  # noqa: BLE001 - raised by finish
            self._failure = error
            self.over.set()

    def _ended(self, person: bytes, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._last.get(person) is task:
            del self._last[person]
