"""Logs without people: addresses, texts, tokens and signatures never reach a log line.

Our own lines carry none. Libraries do: httpx logs the address of each call, in which Telegram
has the bot's token; Twilio's client logs headers. So they are quiet, and whatever still gets
through is blanked by a filter on every handler, also on those that a library adds later.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable
from typing import Any

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
BLANK = "[removed]"

QUIET = (
    "httpx",
    "httpcore",
    "twilio",
    "twilio.http_client",
    "twilio.async_http_client",
    "telegram",
    "urllib3",
    "aiohttp.access",
    "sanic.access",
    "asyncio",
)

_SECRETS = re.compile(
    r"(?P<token>(?<!\d)\d{6,12}:[A-Za-z0-9_-]{10,})"  # Telegram's bot token
    r"|(?P<account>\b(?:AC|SK)[0-9a-f]{32}\b)"
    r"|(?P<business>\b(?:whatsapp:)?[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{15,128}\b)"
    r"|(?P<basic>\b(?:Basic|Bearer) [A-Za-z0-9+/=._-]{8,})"
    r"|(?P<signature>(?i:(?:twilio-signature|secret-token)['\"]?[:=]\s*['\"]?)[^\s'\",}]+)"
    r"|(?P<phone>(?:whatsapp:)?\+\d[\d ().-]{6,18}\d)"
    r"|(?P<digits>(?<![\w.:-])\d{9,15}(?![\w.:-]))"  # a number or Telegram id standing alone
    r"|(?P<pair>(?<=chat_id=)-?\d+)"
)


def redact(text: str) -> str:
    """Return ``text`` without anything that looks like an address or a secret.

    >>> redact("to whatsapp:+504 9999 0000 by AC11111111111111111111111111111111")
    'to [removed] by [removed]'
    """
    return _SECRETS.sub(BLANK, text)


def configure_logs(level: int = logging.INFO) -> None:
    """Set up the logs of this process; call it first. Safe to call twice."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter(FORMAT))
        root.addHandler(handler)
    root.setLevel(max(level, logging.INFO))  # libraries print texts and forms at DEBUG
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    _redact_every_handler()
    _quiet_structlog()


def _redact_every_handler() -> None:
    """Wrap ``Handler.format``: handlers that Rasa or Sanic add later are covered as well."""
    current: Callable[..., str] = logging.Handler.format
    if getattr(current, "redacts", False):
        return

    def format_redacted(self: logging.Handler, record: logging.LogRecord) -> str:
        return redact(current(self, record))

    format_redacted.redacts = True  # type: ignore[attr-defined]
    logging.Handler.format = format_redacted  # type: ignore[method-assign]


def _quiet_structlog() -> None:
    """Rasa's structured logs carry texts in their details; keep warnings, without details."""
    import structlog

    def only_event(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
        return {"event": redact(str(event.get("event", "")))}

    structlog.configure(
        processors=[only_event, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
