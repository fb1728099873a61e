"""One id that follows a message from its webhook to the receipt of its answer, in all logs.

It is derived from the provider's own id, so that nothing has to carry it, and says nothing of
the person.
"""

from __future__ import annotations

import hashlib


def trace_of(channel: str, provider_id: str) -> str:
    """Return the trace id of a message.

    >>> trace_of("sms", "SM1")
    'teb1e02621f'
    """
    return "t" + hashlib.sha256(f"{channel}:{provider_id}".encode()).hexdigest()[:10]


def trace_of_entry(key: str) -> str:
    """Return the trace id for the key of a reply, which begins with what it answers.

    >>> trace_of_entry("sms:SM1:0") == trace_of("sms", "SM1")
    True
    """
    channel, _, rest = key.partition(":")
    return trace_of(channel, rest.rpartition(":")[0])
