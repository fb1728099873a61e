"""Takes the answers of a finished guided conversation out of what is kept of it.

Rasa keeps every message and slot of a conversation. Which questions were tapped how is nobody's
business once the result was said: "no answer is kept" has to be true of the store as well.
"""

from __future__ import annotations

from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

SLOT = "guide"


def without_answers(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return the tracker as it is, or without the answers if no guided conversation goes on."""
    if tracker.get_slot(SLOT) is not None:
        return tracker
    events = list(tracker.events)
    if not any(_tells(event) for event in events):
        return tracker
    kept = [_plain(event) for event in events if not _is_state(event)]
    clean = tracker.init_copy()
    clean.model_id, clean.assistant_id = tracker.model_id, tracker.assistant_id
    clean.update_with_events(kept, override_timestamp=False, domain=None)
    return clean


def _is_state(event: Event) -> bool:
    return isinstance(event, SlotSet) and event.key == SLOT


def _choice(event: Event) -> str:
    if not isinstance(event, UserUttered):
        return ""
    return str((event.metadata or {}).get("choice") or "")


def _tells(event: Event) -> bool:
    if isinstance(event, SlotSet):
        return event.key == SLOT and event.value is not None
    return _choice(event).count(".") == 2


def _plain(event: Event) -> Event:
    """Return a message that answered a question as one that says nothing of the answer."""
    if not isinstance(event, UserUttered) or _choice(event).count(".") != 2:
        return event
    name = _choice(event).partition(".")[0]
    data = {**event.parse_data, "text": name, "entities": [], "metadata": {"choice": name}}
    return UserUttered(
        text=name,
        intent=event.intent,
        entities=[],
        parse_data=data,
        timestamp=event.timestamp,
        input_channel=event.input_channel,
        message_id=event.message_id,
        metadata={"choice": name},
    )
