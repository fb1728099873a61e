"""What can go wrong between us and a provider.

::

    ChannelError
    ├── RequestError          a request to us that we refuse, with the HTTP status to answer
    ├── FileError             a person's file that we do not get, or do not take
    └── SendError             one call that did not succeed; says whether to try again
        ├── Unavailable           not taken, provider or line down: try again
        ├── Throttled             not taken, too fast: wait as told, try again
        ├── OutcomeUnknown        may or may not have been taken: look it up, never repeat blindly
        └── Refused               not taken, and never will be
            ├── OptedOut              the person stopped us at the provider
            ├── AddressInvalid        there is nobody at this address
            ├── Unreachable           the person never wrote to us, or their phone is away
            ├── WindowClosed          WhatsApp: more than 24 hours since the person wrote
            ├── Skipped               the network spares this person for now (marketing limits)
            ├── ContentRefused        this text, template or file cannot be sent
            ├── Misconfigured         our account, sender or region is set up wrong
            ├── Suspended             the provider has stopped our sender
            └── Blocked               we ourselves do not send it (no template, window over)

Adapters raise these at the line where the provider's own error is caught; ``channels/sending``
acts on them and knows no provider.
"""

from __future__ import annotations

from typing import Any


class ChannelError(Exception):
    """Base of everything below."""


class RequestError(ChannelError):
    """A request that we refuse; ``reason`` is for logs and holds nothing of the request."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class FileError(ChannelError):
    """A file that cannot be used; the text is for logs and names neither file nor person."""


class SendError(ChannelError):
    """A call that did not succeed. ``code`` is the provider's own; ``event`` tells staff.

    ``again_after`` and ``tries``: in how many seconds, and how often, a message that was taken
    and then reported as failed is sent again; None for never. ``slower``: campaigns slow down.
    ``halts``: nothing else of this channel would succeed either. ``final`` is False when the
    provider's "failed" only means "not yet".
    """

    retryable = False
    event = "send.failed"

    def __init__(
        self,
        reason: str,
        code: str = "",
        *,
        detail: str = "",
        again_after: float | None = None,
        tries: int = 1,
        slower: bool = False,
        halts: bool = False,
        final: bool = True,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.detail = detail  # narrows the event down: "landline"
        self.again_after = again_after
        self.tries = tries
        self.slower = slower
        self.halts = halts
        self.final = final


class Unavailable(SendError):
    retryable = True


class Throttled(SendError):
    """``retry_after`` is in seconds; 0 when the provider did not say."""

    retryable = True

    def __init__(self, reason: str, code: str = "", retry_after: float = 0.0, **more: Any) -> None:
        super().__init__(reason, code, slower=True, **more)
        self.retry_after = retry_after


class OutcomeUnknown(SendError):
    event = "send.unknown"


class Refused(SendError):
    pass


class OptedOut(Refused):
    event = "consent.opt_out"

    @property
    def evidence(self) -> str:
        """Return what proves the opt-out, as the consent log keeps it."""
        return self.detail or f"provider {self.code}"


class AddressInvalid(Refused):
    event = "address.invalid"


class Unreachable(Refused):
    event = "address.unreachable"


class WindowClosed(Refused):
    event = "wa.window_closed"


class Skipped(Refused):
    event = "send.skipped"


class ContentRefused(Refused):
    event = "content.refused"


class Misconfigured(Refused):
    event = "channel.misconfigured"


class Suspended(Refused):
    event = "channel.suspended"


class Blocked(Refused):
    event = "send.blocked"
