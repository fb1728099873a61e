"""How a recognised topic is written into a Rasa message: as a retrieval intent ``faq/<label>``."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

FAQ = "faq"
RESPONSE_SELECTOR = "response_selector"


def set_intent(message: Message, name: str, confidence: float = 1.0) -> None:
    """Give a message an intent that is not a topic."""
    found = {"name": name, "confidence": confidence}
    message.set(INTENT, found, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [found], add_to_output=True)


def set_topic(message: Message, ranking: Sequence[tuple[str, float]]) -> None:
    """Give a message its topics, best first: (label, confidence)."""
    label, confidence = ranking[0]
    set_intent(message, FAQ, confidence)
    set_ranking(message, ranking)
    message.set(
        RESPONSE_SELECTOR,
        {
            "all_retrieval_intents": [FAQ],
            FAQ: {
                "response": {
                    "intent_response_key": f"{FAQ}/{label}",
                    "utter_action": f"utter_{FAQ}/{label}",
                    "confidence": confidence,
                },
                "ranking": [
                    {"intent_response_key": f"{FAQ}/{name}", "confidence": share}
                    for name, share in ranking
                ],
            },
        },
        add_to_output=True,
    )


def set_ranking(message: Message, ranking: Sequence[tuple[str, float]]) -> None:
    """Record which topics a message might be about, best first."""
    message.set(
        INTENT_RANKING_KEY,
        [{"name": f"{FAQ}/{name}", "confidence": share} for name, share in ranking],
        add_to_output=True,
    )


def is_decided(message: Message) -> bool:
    """Return whether an earlier component already knows what a message means."""
    return bool((message.get(INTENT) or {}).get("name"))
