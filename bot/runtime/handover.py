"""While a person of the team answers somebody, messages go to the help desk and not to the model.

The worker leaves them in one stream (``keys.HANDOVERS``); the help desk's adapter takes them
from there. A crisis is still answered at once at the front desk, and goes to the team as well.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Literal

from redis.asyncio import Redis

from bot import team
from bot.choices import resolve
from bot.commands import recognise
from bot.guides import REPLIES
from bot.messages import InboundMessage
from bot.runtime import keys
from bot.runtime.state import PersonState

# The owner of the lease moves a message to the team: once, or not at all.
_TO_TEAM = """
local lease, inbox, handovers, handed = unpack(KEYS)
local job = cjson.decode(ARGV[1])
if redis.call('GET', lease) ~= job.owner then return 0 end
if redis.call('XACK', inbox, job.group, job.entry) == 0 then return 0 end
redis.call('XDEL', inbox, job.entry)
redis.call('XADD', handovers, '*', 'person', job.person, 'what', 'message', 'details', job.details)
redis.call('EXPIRE', handed, job.handed_for)
return 1
"""
Goal = Literal["team", "both", "assistant", "end"]
ERASE = "x:erase_yes"
CONFIRMED_WITHIN = 300  # seconds: a later "yes" is said to the team
WITH_STAFF = "with_staff"  # flag: the message ends a conversation with the team


def goes_to(
    message: InboundMessage,
    words: Mapping[str, Mapping[str, Sequence[str]]],
    state: PersonState | None = None,
) -> Goal:
    """Return whether a message is the team's, the assistant's, both's, or ends the conversation.

    A tapped button and a command of ours are the assistant's, and so is the answer to
    "erase everything?"; "leave" and "menu" end it. Outside its hours the team reads
    tomorrow what Faro answers now.
    """
    said = message.payload if message.kind == "command" else recognise(message.text, words)
    if said in ("quit", "menu"):
        return "end"
    if message.kind in ("command", "choice") or (said and said not in REPLIES):
        return "assistant"
    if state and time.time() - state.menu_at < CONFIRMED_WITHIN:
        asked = any(choice.payload == ERASE for choice in state.menu)
        if asked and (said in ("yes", "no") or resolve(message.text, state.menu)):
            return "assistant"
    return "team" if team.open_now() else "both"


async def pass_on(
    redis: Redis[bytes], owner: str, partition: int, entry: str, message: InboundMessage
) -> None:
    """Hand one message to the team and take it off the inbox."""
    person = message.user_ref
    text = message.text or f"[{message.kind}]"
    job = {
        "owner": owner,
        "group": keys.GROUP,
        "entry": entry,
        "person": person,
        "details": json.dumps({"text": text}, ensure_ascii=False),
        "handed_for": keys.HANDED_FOR,
    }
    inbox = keys.inbox(partition)
    handed = keys.handed_over(person)
    await redis.eval(
        _TO_TEAM, 4, keys.lease(inbox), inbox, keys.HANDOVERS, handed,
        json.dumps(job, ensure_ascii=False),
    )  # fmt: skip


async def tell(redis: Redis[bytes], message: InboundMessage) -> None:
    """Let the team read a message that the assistant answers, too."""
    details = json.dumps({"text": message.text}, ensure_ascii=False)
    fields = {"person": message.user_ref, "what": "message", "details": details}
    await redis.xadd(keys.HANDOVERS, fields)


async def end(redis: Redis[bytes], person: str) -> None:
    """Give a person back to the assistant; the team is told by the adapter."""
    held = await redis.getdel(keys.handed_over(person))
    if held:
        # Without the person: it may be closed because everything of theirs is erased.
        fields = {"person": "", "what": "close", "details": held}
        await redis.xadd(keys.HANDOVERS, fields)
