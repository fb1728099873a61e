"""Sets the channels up at their providers; run once per deployment: ``python -m channels.setup``.

Telegram learns where to call and which commands to show; Twilio gets the menus of WhatsApp. There
is no way to do this by a request from outside. Twilio's webhooks are set in its console; the
addresses are printed.
"""

from __future__ import annotations

import asyncio
import sys

from bot.runtime.logs import configure_logs
from channels.base import Channel
from channels.errors import SendError
from channels.registry import load_channels
from channels.webhook import public_url


async def set_up(channel: Channel) -> str:
    """Return what was done, in one line."""
    if channel.off:
        return f"{channel.name()}: off, {channel.off}"
    try:
        await channel.prepare()
    except SendError as error:
        return f"{channel.name()}: FAILED, {error} ({error.code})"
    finally:
        await channel.close()
    places = (f"{public_url()}/webhooks/{channel.url_prefix()}{path}" for path in channel.routes())
    return f"{channel.name()}: ready, the provider calls {' and '.join(places)}"


async def main() -> int:
    lines = [await set_up(channel) for channel in load_channels()]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if any("FAILED" in line for line in lines) else 0


if __name__ == "__main__":
    configure_logs()
    sys.exit(asyncio.run(main()))
