"""Twilio's own stop filter on SMS: English words only, answered before anything of ours.

https://help.twilio.com/articles/223134027
"""

from __future__ import annotations

from typing import NamedTuple

_STOP = frozenset(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"])
_START = frozenset(["start", "unstop", "yes"])
_HELP = frozenset(["help", "info"])


class Reaction(NamedTuple):
    """What the network answers, and whether the person is opted out from now on."""

    text: str
    opted_out: bool


def reaction(text: str, opted_out: bool) -> Reaction | None:
    """Return what Twilio does with a text by itself, or None for any other text.

    >>> reaction(" Stop ", False).opted_out, reaction("parar", False)
    (True, None)
    """
    word = text.strip().lower()
    if word in _STOP:
        return Reaction(
            "You have successfully been unsubscribed. You will not receive any more messages from"
            " this number. Reply START to resubscribe.",
            True,
        )
    if word in _START and opted_out:
        return Reaction(
            "You have successfully been re-subscribed to messages from this number. Reply HELP for"
            " help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
            False,
        )
    if word in _HELP:
        return Reaction("Reply STOP to unsubscribe. Msg&Data Rates May Apply.", opted_out)
    return None
