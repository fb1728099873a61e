"""What stands behind a button: short, self-contained, and only ours.

==============  ======================================================
``a:<name>``    say the answer with that name
``c:<code>``    the person is in that country
``o:<code>``    the person is from that country
``l:<code>``    speak that language
``x:<name>``    do something: ``menu``, ``none``, ``place``, ``not_me``, ...
``g:<name>``    begin that guided conversation
``g:<a>.<b>.<c>``  in guide a, answer question b with c
``u:<name>``    the answer with that name helped
``d:<name>``    it did not
``w:<a>.<why>``  and this is why answer a did not help
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
    "languages",  # show the languages
    "near",  # the lines of the country the person is in
    "human",  # talk to a person of the team
    "human_yes",
    "human_no",
    "safety",  # how to keep this chat secret
    "safe",  # the safe word
    "resume",  # go on with what was interrupted
    "quit",  # leave what is under way
    "insult",  # somebody is rude: one calm line
)

# After a crisis, where the person may be: with the country, the lines of that country follow.
CRISIS_CHOICES = ("c:HN", "c:GT", "c:SV", "c:MX", "c:US", "x:not_me")


class Payload(NamedTuple):
    """A payload taken apart."""

    kind: str
    value: str


def parse(payload: str) -> Payload | None:
    """Return the parts of a payload, or None if it has not our form.

    >>> parse("c:HN")
    Payload(kind='c', value='HN')
    >>> parse("g:scam.pay.yes").value
    'scam.pay.yes'
    >>> parse("/affirm") is None
    True
    """
    kind, separator, value = payload.partition(":")
    dots = {"g": (0, 2), "w": (1,)}.get(kind, (0,))
    known = separator and kind in ("a", "c", "o", "l", "x", "g", "u", "d", "w")
    names = value.split(".")
    if not known or len(names) - 1 not in dots or not all(name.isidentifier() for name in names):
        return None
    return Payload(kind, value)
