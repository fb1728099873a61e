"""What was not understood, kept for staff: sealed with a key of its own, for two weeks.

The text travels in the event log only sealed, so that whoever reads the log, or a copy of
it, reads no message. The key is derived from the vault's, and useless for addresses.
"""

from __future__ import annotations

import base64
import time

from bot.messages import InboundMessage
from bot.runtime import keys
from bot.runtime.assistant import Turn
from bot.runtime.events import Event
from bot.runtime.state import PersonState
from bot.runtime.vault import Vault

KEPT_FOR = 14 * keys.DAY
PHRASES = frozenset({"ask_back", "not_understood"})
LABEL = "out_of_scope"
ANSWER = "a:"  # what a button's payload begins with that leads to an answer


def chosen(message: InboundMessage, before: PersonState, turn: Turn) -> Event | None:
    """Return the event for staff if a person chose what they had meant, else None.

    What was not understood and what was chosen then may teach the next model.
    """
    choice = str((turn.parse.get("metadata") or {}).get("choice") or "")
    if not before.asked or not choice.startswith(ANSWER):
        return None
    label = choice.removeprefix(ANSWER)
    return Event("chosen", {"message": before.asked, "label": label, "channel": message.channel})


def unanswered(message: InboundMessage, turn: Turn, sealing: Vault) -> Event | None:
    """Return the event for staff if a text was not understood, else None."""
    said = [reply.about for reply in turn.replies]
    missed = any(about.get("phrase") in PHRASES or about.get("answer") == LABEL for about in said)
    if not missed or message.kind != "text" or not message.text:
        return None
    sealed = sealing.seal(f"unanswered:{message.provider_id}", message.text)
    return Event(
        "not_understood",
        {
            "message": message.provider_id,
            "channel": message.channel,
            "language": turn.language,
            "country": turn.country,
            "top": turn.ranking[:3],
            "sealed": base64.urlsafe_b64encode(sealed).decode(),
            "expires": round(time.time()) + KEPT_FOR,
        },
    )
