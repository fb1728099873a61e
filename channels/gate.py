"""What must not be sent, or not now; asked when a reply is sent, not when it was written."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import NamedTuple

from redis.asyncio import Redis

from bot.runtime import keys
from bot.runtime.outbox import ANSWERED_FOR, PartState, Reply, state_of
from bot.runtime.steps import Step, take
from bot.runtime.vault import UnreadableAddressError, Vault
from channels.base import Call, Channel
from channels.errors import Blocked, ContentRefused, Misconfigured, SendError

logger = logging.getLogger(__name__)


# Also notes that the message is being answered.
_LOOK = """
local halted, bulk_halted, stopped, paused, profile, address, sending, answered = unpack(KEYS)
redis.call('SET', answered, '1', 'EX', ARGV[1])
return {
  redis.call('EXISTS', halted), redis.call('EXISTS', bulk_halted), redis.call('EXISTS', stopped),
  redis.call('EXISTS', paused), redis.call('HGET', profile, 'last_inbound'),
  redis.call('GET', address), redis.call('HGETALL', sending)
}
"""


class Standing(NamedTuple):
    """What the store says of a reply that is about to be sent."""

    halted: bool
    bulk_halted: bool
    opted_out: bool
    paused: bool
    last_inbound: float  # seconds since 1970
    sealed: bytes | None  # the address
    begun: dict[int, PartState]  # what was begun of it before


class Gate:
    """Turns a reply into calls, if it may go out."""

    def __init__(self, channels: Mapping[str, Channel], redis: Redis[bytes], vault: Vault) -> None:
        self._channels = channels
        self._redis = redis
        self._vault = vault

    async def standing(self, reply: Reply) -> Standing:
        """Ask the store all there is to know, in one trip."""
        person = reply.user_ref
        names = (
            keys.halted(reply.channel),
            keys.halted(reply.channel, bulk=True),
            keys.opted_out(person),
            keys.campaigns_paused(person),
            keys.profile(person),
            keys.address(person),
            keys.sending(reply.key),
            keys.answered(reply.channel, reply.answers),
        )
        [found] = await take(self._redis, Step(_LOOK, names, (ANSWERED_FOR,)))
        *yes_or_no, last_inbound, sealed, parts = found
        halted, bulk_halted, opted_out, paused = map(bool, yes_or_no)
        begun = dict(zip(map(int, parts[::2]), map(state_of, parts[1::2]), strict=True))
        return Standing(
            halted, bulk_halted, opted_out, paused, float(last_inbound or 0), sealed, begun
        )

    def waits(self, reply: Reply, standing: Standing) -> bool:
        """Return whether what goes out on this channel has to wait; a crisis answer never does."""
        purpose = reply.message.purpose
        if purpose == "crisis":
            return False
        return standing.halted or (purpose == "campaign" and standing.bulk_halted)

    def calls(self, reply: Reply, standing: Standing) -> tuple[Channel, list[Call]]:
        """Return the channel and the calls; raise ``SendError`` for what must not be sent."""
        channel = self._channels.get(reply.channel)
        if channel is None or channel.off:
            raise Misconfigured(channel.off if channel else "no such channel")
        _check_window(channel, reply, standing)
        if reply.message.purpose == "campaign":
            _check_campaign(standing)
        address = self._address(reply, standing)
        try:
            return channel, channel.encode(address, reply.message)
        except SendError:
            raise
        except Exception as error:  # a fault of ours must not hold up everybody behind it
            logger.exception("send.not_encoded channel=%s", reply.channel)
            raise ContentRefused("not encoded", type(error).__name__) from error

    def _address(self, reply: Reply, standing: Standing) -> str:
        if standing.sealed is None:  # erased, or a month old
            raise Blocked("address_forgotten", detail="address_forgotten")
        try:
            return self._vault.open(reply.user_ref, standing.sealed)
        except UnreadableAddressError as error:
            raise Misconfigured("vault key") from error


def _check_window(channel: Channel, reply: Reply, standing: Standing) -> None:
    if channel.reply_window is None or reply.message.template:
        return
    if time.time() - standing.last_inbound >= channel.reply_window:
        raise Blocked("wa_window_closed", detail="wa_window_closed")


def _check_campaign(standing: Standing) -> None:
    if standing.opted_out:
        raise Blocked("opted_out", detail="opted_out")
    if standing.paused:
        raise Blocked("paused_after_crisis", detail="paused_after_crisis")
