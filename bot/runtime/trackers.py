"""Where conversations are kept: Redis, bounded, for thirty days; or memory for one command.

Inside a worker's turn a tracker is not written but handed over (``turn``), so that it is
saved in the same step as the replies.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from redis.asyncio import Redis

from bot import settings
from bot.runtime import keys, store
from bot.runtime.forgetting import without_answers
from bot.runtime.slim import to_text

logger = logging.getLogger(__name__)

WHOLE_TURNS = 2
KEPT_TEXTS = 6  # turns: what staff who take over get to read
REBASE_ABOVE = 40  # events
# What Rasa raises where a stored conversation is no JSON, or lacks what an event needs.
_DAMAGED = (ValueError, LookupError, TypeError, AttributeError, RasaException)


class Written(dict[str, str]):
    """Conversations written during a turn, by person.

    ``stored`` is what the worker has fetched already; ``read`` holds conversations as objects,
    so that a turn reads its own from text only once.
    """

    def __init__(self, stored: Mapping[str, str | None] | None = None) -> None:
        super().__init__()
        self.stored = dict(stored or {})
        self.read: dict[str, DialogueStateTracker] = {}

    def clear(self) -> None:
        super().clear()
        self.read.clear()


# What the turn at hand has written; None outside a turn.
turn: ContextVar[Written | None] = ContextVar("turn", default=None)


class Trackers(TrackerStore, SerializedTrackerAsText):
    """Tracker store named in ``endpoints.yml``; Redis if ``REDIS_URL`` is set, else memory."""

    def __init__(
        self, domain: Any = None, event_broker: Any = None, endpoint_config: Any = None, **_: Any
    ) -> None:
        url = settings.get("REDIS_URL")
        self._redis: Redis[bytes] | None = store.async_client(url) if url else None
        self._memory: dict[str, str] = {}
        super().__init__(domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        data = to_text(rebased(without_answers(tracker)))
        written = turn.get()
        if written is not None:
            written[tracker.sender_id] = data
            written.read[tracker.sender_id] = tracker
        elif self._redis is not None:
            await self._redis.set(keys.tracker(tracker.sender_id), data, ex=keys.TRACKER_FOR)
        else:
            self._memory[tracker.sender_id] = data

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        written = turn.get()
        if written is not None and sender_id in written.read:
            return written.read[sender_id]
        if written is not None and sender_id in written.stored:
            data = written.stored[sender_id]
        elif self._redis is not None:
            stored = await self._redis.get(keys.tracker(sender_id))
            data = stored.decode(errors="replace") if stored else None
        else:
            data = self._memory.get(sender_id)
        tracker = self._read(sender_id, data) if data else None
        if written is not None and tracker is not None:
            written.read[sender_id] = tracker
        return tracker

    def _read(self, sender_id: str, data: str) -> DialogueStateTracker | None:
        """Return a stored conversation; None if it cannot be read, so that another one begins.

        Otherwise whoever has such a one would get no answer until it is forgotten.
        """
        try:
            return self.deserialise_tracker(sender_id, data)
        except _DAMAGED as error:
            logger.error("conversation.unreadable reason=%s", type(error).__name__)
            return None

    async def delete(self, sender_id: str) -> None:
        """Forget one conversation."""
        self._memory.pop(sender_id, None)
        if self._redis is not None:
            await self._redis.delete(keys.tracker(sender_id))

    async def keys(self) -> Iterable[str]:
        if self._redis is None:
            return list(self._memory)
        prefix = keys.tracker("")
        return [
            key.decode().removeprefix(prefix) async for key in self._redis.scan_iter(f"{prefix}*")
        ]


def rebased(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return the tracker, or a short one if it grew long.

    That one has the slots, the last turns whole, and of some before them what the person wrote.
    Rasa replays a conversation at every message, so an unbounded one makes each turn
    slower than the last. Never cut inside an active form.
    """
    events: list[Event] = list(tracker.events)
    if len(events) <= REBASE_ABOVE or tracker.active_loop_name:
        return tracker
    turns = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= WHOLE_TURNS:
        return tracker
    cut = turns[-WHOLE_TURNS]
    if isinstance(events[cut - 1], ActionExecuted):  # the listening before it
        cut -= 1
    if any(isinstance(event, ActiveLoop) and event.name for event in events[cut:]):
        return tracker
    before = DialogueStateTracker.from_events(
        tracker.sender_id, events[:cut], tracker.slots.values()
    )
    at = events[cut].timestamp
    head: list[Event] = [
        ActionExecuted("action_session_start", timestamp=at),
        SessionStarted(timestamp=at),
        *(
            SlotSet(name, slot.value, timestamp=at)
            for name, slot in before.slots.items()
            if slot.value != slot.initial_value
        ),
        *(events[place] for place in turns[-KEPT_TEXTS:-WHOLE_TURNS]),
    ]
    short = tracker.init_copy()
    short.model_id, short.assistant_id = tracker.model_id, tracker.assistant_id
    short.update_with_events(head + events[cut:], override_timestamp=False, domain=None)
    return short
