"""What must not be sent, or not now; asked when a reply is sent, not when it was written."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from redis.asyncio import Redis

from bot.runtime import keys
from bot.runtime.outbox import Reply
from bot.runtime.vault import UnreadableAddressError, Vault
from channels.base import Call, Channel
from channels.errors import Blocked, ContentRefused, Misconfigured, SendError

logger = logging.getLogger(__name__)


class Gate:
    """Turns a reply into calls, if it may go out."""

    def __init__(self, channels: Mapping[str, Channel], redis: Redis[bytes], vault: Vault) -> None:
        self._channels = channels
        self._redis = redis
        self._vault = vault

    async def halted(self, reply: Reply) -> bool:
        """Return whether what goes out on this channel has to wait."""
        stops = [keys.halted(reply.channel)]
        if reply.message.purpose == "campaign":
            stops.append(keys.halted(reply.channel, bulk=True))
        return bool(await self._redis.exists(*stops))

    async def calls(self, reply: Reply) -> tuple[Channel, list[Call]]:
        """Return the channel and the calls; raise ``SendError`` for what must not be sent."""
        channel = self._channels.get(reply.channel)
        if channel is None or channel.off:
            raise Misconfigured(channel.off if channel else "no such channel")
        await self._check_window(channel, reply)
        if reply.message.purpose == "campaign":
            await self._check_campaign(reply)
        address = await self._address(reply)
        try:
            return channel, channel.encode(address, reply.message)
        except SendError:
            raise
        except Exception as error:  # a fault of ours must not hold up everybody behind it
            logger.exception("send.not_encoded channel=%s", reply.channel)
            raise ContentRefused("not encoded", type(error).__name__) from error

    async def _check_window(self, channel: Channel, reply: Reply) -> None:
        if channel.reply_window is None or reply.message.template:
            return
        last = float(await self._redis.hget(keys.profile(reply.user_ref), "last_inbound") or 0)
        if time.time() - last >= channel.reply_window:
            raise Blocked("wa_window_closed", detail="wa_window_closed")

    async def _check_campaign(self, reply: Reply) -> None:
        if await self._redis.exists(keys.opted_out(reply.user_ref)):
            raise Blocked("opted_out", detail="opted_out")
        if await self._redis.exists(keys.campaigns_paused(reply.user_ref)):
            raise Blocked("paused_after_crisis", detail="paused_after_crisis")

    async def _address(self, reply: Reply) -> str:
        sealed = await self._redis.get(keys.address(reply.user_ref))
        if sealed is None:  # erased, or a month old
            raise Blocked("address_forgotten", detail="address_forgotten")
        try:
            return self._vault.open(reply.user_ref, sealed)
        except UnreadableAddressError as error:
            raise Misconfigured("vault key") from error
