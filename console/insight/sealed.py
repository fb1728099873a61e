"""The text of a question that was not understood: sealed by the bot, opened only to be shown."""

from __future__ import annotations

import base64

from bot.runtime.sealing import vault
from bot.runtime.vault import UnreadableAddressError


def seal(message: str, text: str) -> str:
    """Return ``text`` sealed under its message's id (what the bot does)."""
    return base64.urlsafe_b64encode(vault().seal(f"unanswered:{message}", text)).decode()


def opened(message: str, sealed: str) -> str | None:
    """Return the text, or None if it is gone or was sealed with another key."""
    if not sealed:
        return None
    try:
        return vault().open(f"unanswered:{message}", base64.urlsafe_b64decode(sealed))
    except (UnreadableAddressError, ValueError):
        return None
