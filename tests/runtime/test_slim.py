"""What is stored of a conversation is enough to go on with it, and no more."""

import json

from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.slim import to_text
from bot.runtime.trackers import KEPT_TEXTS, REBASE_ABOVE, Trackers, rebased

INTENT = {"name": "faq", "confidence": 0.9}
RANKING = [{"name": f"faq/topic{n}", "confidence": 0.1} for n in range(10)]


def turn(text):
    about = {"choice": None, "kind": "text"}
    parse = {"intent": INTENT, "entities": [], "text": text, "intent_ranking": RANKING}
    return [
        ActionExecuted("action_listen"),
        UserUttered(text, INTENT, [], {**parse, "metadata": about}, metadata=about),
        SlotSet("topic", text),
        ActionExecuted("action_answer"),
        BotUttered("answer", {"buttons": [{"title": "a", "payload": "b"}], "image": None}),
    ]


def tracker(turns):
    slots = [TextSlot("topic", mappings=[{"type": "custom"}])]
    made = DialogueStateTracker("ana", slots)
    events = [event for number in range(turns) for event in turn(f"text {number}")]
    made.update_with_events(events, domain=None)
    return made


def again(text):
    store = Trackers()
    read = store.deserialise_tracker("ana", text)
    assert read is not None
    return read


def test_a_stored_conversation_goes_on_where_it_was():
    before = tracker(3)
    after = again(to_text(before))
    assert [type(event) for event in after.events] == [type(event) for event in before.events]
    assert after.latest_message.text == "text 2"
    assert after.latest_message.intent == INTENT
    assert after.latest_action_name == before.latest_action_name


def test_what_serves_one_turn_only_is_not_stored():
    text = to_text(tracker(1))
    assert "intent_ranking" not in text
    assert "null" not in json.dumps(json.loads(text)["events"][4])
    assert "choice" not in text


def test_a_long_conversation_is_cut_to_what_staff_and_rules_read():
    long = tracker(30)
    assert len(long.events) > REBASE_ABOVE
    short = rebased(long)
    assert len(short.events) <= REBASE_ABOVE // 2
    said = [event.text for event in short.events if isinstance(event, UserUttered)]
    assert said == [f"text {number}" for number in range(30 - KEPT_TEXTS, 30)]
    assert short.get_slot("topic") == "text 29"
