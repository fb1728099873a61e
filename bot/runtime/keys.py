"""Names of everything we keep in Redis, so that one page shows what is stored about whom.

``person`` is a pseudonym (``user_ref``) everywhere. What each key holds, why, and for
how long stands beside it; erasing a person deletes every key that takes a ``person``
except the opt-out marker.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

DAY = 24 * 3600

Stream = Callable[[int], str]  # the name of a partition's stream
PARTITIONS = 16
GROUP = "faro"

LIVE_RELEASE = "release:live"  # number of the release that people are answered from
RELEASE_SOURCE = "release:source"  # "console" once staff have published there
LIVE_MODEL = "model:live"  # file name of the model that people are answered with
FILES_MODEL = "model:files"  # the last model that was made from data/nlu/ and made live
MODEL_SWITCH = "model:switch"  # the worker that is changing its model: one after the other
WORKER_MODELS = "model:workers"  # hash: the model of each worker
MODEL_FOR = 7 * DAY  # the file of a model that no longer answers; the live one's stays

EVENTS = "events"  # what happened, without text or address (contract 2)
DEAD_LETTERS = "dead"  # what could not be handled or sent, for staff

SEEN_FOR = 30 * DAY  # provider message ids, so that a repeated request is answered once
TRACKER_FOR = 30 * DAY  # a conversation
ADDRESS_FOR = 30 * DAY  # an encrypted address, renewed by each message
ISSUED_FOR = 90 * DAY


def partition_of(person: str) -> int:
    """Return the partition of a person: all of one person's messages share one, in order."""
    return zlib.crc32(person.encode()) % PARTITIONS


def inbox(partition: int) -> str:
    return f"in:{partition}"


def outbox(partition: int) -> str:
    return f"out:{partition}"


def lease(stream: str) -> str:
    return f"lease:{stream}"


def seen(channel: str, provider_id: str) -> str:
    return f"seen:{channel}:{provider_id}"


def release(number: int) -> str:
    return f"release:{number}"


def model_file(name: str) -> str:
    return f"model:file:{name}"


def tracker(person: str) -> str:
    return f"tracker:{person}"


def address(person: str) -> str:
    return f"address:{person}"


def alias(person: str) -> str:
    """The pseudonym that a second address of the same person stands for."""
    return f"alias:{person}"


def profile(person: str) -> str:
    """Hash: last_inbound (s since 1970), channel, menu (the last choices offered), menu_at."""
    return f"profile:{person}"


def tries(channel: str, provider_id: str) -> str:
    """How often handling a message was begun; after three it is set aside."""
    return f"tries:{channel}:{provider_id}"


def issued(person: str) -> str:
    """Set of the payloads behind the buttons we sent: only these are taken as a choice."""
    return f"issued:{person}"


POLL_FOR = DAY  # as long as a guided conversation is remembered


def poll(poll_id: str) -> str:
    """The payloads behind a native poll, in the order of its options; listed in ``made``."""
    return f"poll:{poll_id}"


def opted_out(person: str) -> str:
    """The opt-out marker; the only key that outlives an erasure."""
    return f"stopped:{person}"


def made(person: str) -> str:
    """Set of the keys of a person that are not named after them, so that erasing finds them."""
    return f"made:{person}"


def sending(entry: str) -> str:
    """Which parts of an outbox entry were handed to the provider, and with what outcome."""
    return f"sending:{entry}"


def delivery(provider_id: str) -> str:
    """Hash: status, entry, channel of a message the provider took."""
    return f"delivery:{provider_id}"


ERASING = "erasing"  # sorted set: what is to be deleted at a provider, and when
MADE_FOR = SEEN_FOR


def watched(url: str) -> str:
    """What a source page said when it was looked at last: JSON, about no person."""
    return f"watch:{url}"


# -- people of the team who answer ----------------------------------------------------------------

HANDOVERS = "handovers"  # stream: what goes to the help desk; an entry is deleted once it is there
HANDED_FOR = 3 * DAY  # after so long without a word the assistant answers again


def handed_over(person: str) -> str:
    """The help desk's id of the conversation, while a person of the team answers there."""
    return f"desk:{person}"


def desk_person(conversation: str) -> str:
    """The pseudonym behind a conversation at the help desk."""
    return f"deskconv:{conversation}"


# -- what only the sender uses ------------------------------------------------------------------

LATER = "later"  # sorted set: what is to be sent, or looked up, at a later time
KEPT_FOR = 26 * 3600  # a reply that may have to be sent again; WhatsApp lets us for 24 hours


def bulk(partition: int) -> str:
    """Campaign messages: a stream of their own, so that no reply waits behind them."""
    return f"bulk:{partition}"


def kept(reference: str) -> str:
    """A reply whose delivery may yet fail; ``reference`` is our id of one part of it."""
    return f"kept:{reference}"


def rate(channel: str, what: str = "all") -> str:
    """Time (s since 1970) at which a channel, or one person in a campaign, is due again."""
    return f"rate:{channel}:{what}"


def slow(channel: str) -> str:
    """Set while a provider finds us too fast: campaigns go at half their rate."""
    return f"slow:{channel}"


def halted(channel: str, bulk: bool = False) -> str:
    """Set while a channel cannot send at all, or no campaigns: what is due waits."""
    return f"halted:{channel}:bulk" if bulk else f"halted:{channel}"


def tap(person: str, button: str) -> str:
    """A button just tapped, for a few seconds: two taps in a row are one."""
    return f"tap:{person}:{button}"


CAMPAIGNS_PAUSED_FOR = 72 * 3600  # after a crisis nobody gets a cheerful reminder


def campaigns_paused(person: str) -> str:
    """Set for three days after a person told us of a crisis."""
    return f"paused:{person}"


# -- what only the desk uses --------------------------------------------------------------------


def flood(person: str, what: str) -> str:
    """How many messages came in the last minute, in the last hour, or with the same text."""
    return f"flood:{person}:{what}"


def answered(channel: str, provider_id: str) -> str:
    """Set for a minute when the answer to a message is on its way: no "typing" is shown then."""
    return f"answered:{channel}:{provider_id}"
