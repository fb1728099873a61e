"""What stands behind a button: short, self-contained, and only ours.

==============  ======================================================
``a:<name>``    say the answer with that name
``c:<code>``    the person is in that country
``o:<code>``    the person is from that country
``l:<code>``    speak that language
``x:<name>``    do something: ``menu``, ``none``, ``place``, ``not_me``, ...
==============  ======================================================
"""

from __future__ import annotations

from typing import NamedTuple

COMMANDS = (
    "menu",  # show the topics
    "none",  # none of the offered topics
    "place",  # ask again for the country
    "elsewhere",  # none of the countries offered
    "not_me",  # the crisis is not about me
    "stop",
    "start",
    "erase",
    "erase_yes",
    "erase_no",
    "my_data",
    "exit",
)


class Payload(NamedTuple):
    """A payload taken apart."""

    kind: str
    value: str


def parse(payload: str) -> Payload | None:
    """Return the parts of a payload, or None if it has not our form.

    >>> parse("c:HN")
    Payload(kind='c', value='HN')
    >>> parse("/affirm") is None
    True
    """
    kind, separator, value = payload.partition(":")
    if not separator or kind not in ("a", "c", "o", "l", "x") or not value.isidentifier():
        return None
    return Payload(kind, value)
