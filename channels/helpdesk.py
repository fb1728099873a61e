"""Between the help desk and people: takes over who asked for a person, brings answers back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import asdict
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty

from bot.content.live import live_release
from bot.messages import OutboundMessage
from bot.runtime import keys
from bot.runtime.events import Event, emit
from bot.runtime.outbox import listed
from bot.runtime.streams import owner_name
from channels.chatwoot import Chatwoot, DeskError, Spoken
from channels.errors import RequestError
from channels.webhook import as_webhook

logger = logging.getLogger(__name__)

GROUP, READER = "helpdesk", "sender"
TRIES, PAUSE = 5, 2.0  # times, and seconds before the second; doubled each time
LEASE_SECONDS = 120  # longer than all tries for one entry
ABOUT = ("language", "country", "topic", "priority", "reason")


class HelpDesk:
    """One help desk. Entries are taken in order; what it does not take goes back to Faro."""

    def __init__(self, chatwoot: Chatwoot, redis: Redis[bytes], pause: float = PAUSE) -> None:
        self._chatwoot = chatwoot
        self._redis = redis
        self._pause = pause
        self._owner = owner_name()

    async def run(self, stop: asyncio.Event) -> None:
        """Hand over until ``stop`` is set; nothing to do without the settings."""
        while not self._chatwoot.off and not stop.is_set():
            try:
                if await self._mine():
                    await self.work(block=1000)
                    continue
                await asyncio.sleep(1.0)
            except RedisError as error:
                logger.warning("desk.store_away error=%s", type(error).__name__)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(stop.wait(), 1.0)

    async def _mine(self) -> bool:
        """Return whether this process does it: one at a time, or people would be heard twice."""
        lease = keys.lease("helpdesk")
        if await self._redis.set(lease, self._owner, nx=True, ex=LEASE_SECONDS):
            return True
        if await self._redis.get(lease) != self._owner.encode():
            return False
        await self._redis.expire(lease, LEASE_SECONDS)
        return True

    async def work(self, block: int | None = None) -> None:
        """Hand over what waits, first what an earlier process had begun."""
        with contextlib.suppress(ResponseError):
            await self._redis.xgroup_create(keys.HANDOVERS, GROUP, "0", mkstream=True)
        for since in ("0", ">"):
            read = await self._redis.xreadgroup(
                GROUP,
                READER,
                {keys.HANDOVERS: since},
                count=20,
                block=block if since == ">" else None,
            )
            for _, entries in read or []:
                for entry, fields in entries:
                    await self._entry(entry, fields)

    async def _entry(self, entry: bytes, fields: dict[bytes, bytes]) -> None:
        if fields:
            person = fields[b"person"].decode()
            details = json.loads(fields[b"details"] or b"{}")
            try:
                await self._tried(fields[b"what"].decode(), person, details)
            except DeskError as error:
                logger.warning("desk.failed reason=%s", error)
                await self._give_back(person, str(error))
        await self._redis.xack(keys.HANDOVERS, GROUP, entry)
        await self._redis.xdel(keys.HANDOVERS, entry)

    async def _tried(self, what: str, person: str, details: dict[str, Any]) -> None:
        pause = self._pause
        for left in reversed(range(TRIES)):
            try:
                return await self._do(what, person, details)
            except DeskError as error:
                if error.final or not left:
                    raise
            await asyncio.sleep(pause)
            pause *= 2
        return None

    async def _do(self, what: str, person: str, details: dict[str, Any]) -> None:
        if what == "close":
            if details:
                await self._chatwoot.close(details["contact"], details["conversation"])
                await self._redis.delete(keys.desk_person(details["conversation"]))
            return
        held = json.loads(await self._redis.get(keys.handed_over(person)) or b"{}")
        if what == "open" and not held:
            held = await self._open(person, details)
        if not held:  # closed or erased in the meantime
            return
        texts = details.get("texts") if what == "open" else [details["text"]]
        for text in texts or ():
            await self._chatwoot.say(held["contact"], held["conversation"], text)

    async def _open(self, person: str, details: dict[str, Any]) -> dict[str, str]:
        about = {name: details[name] for name in ABOUT if details.get(name)}
        contact, conversation = await self._chatwoot.open(about)
        held = {
            "contact": contact,
            "conversation": conversation,
            "language": details.get("language") or "es",
        }
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(keys.handed_over(person), json.dumps(held), ex=keys.HANDED_FOR)
            pipe.set(keys.desk_person(conversation), person, ex=keys.HANDED_FOR)
            listed(pipe, person, keys.desk_person(conversation))
            await pipe.execute()
        return held

    async def _give_back(self, person: str, reason: str) -> None:
        """Say that nobody can be reached after all, and let Faro answer again."""
        await emit(self._redis, Event("queue.failed", {"reason": reason}))
        if not person:
            return
        held = json.loads(await self._redis.getdel(keys.handed_over(person)) or b"{}")
        await self._reply(
            person, f"desk:failed:{person}", "no_person_now", held.get("language", "es")
        )

    # -- what comes back -----------------------------------------------------------------------

    async def take(self, spoken: Spoken) -> bool:
        """Bring what the team said to the person; return False if there is nobody for it."""
        person = await self._redis.get(keys.desk_person(spoken.conversation))
        if person is None:
            return False
        who = person.decode()
        if spoken.closed:
            held = json.loads(await self._redis.getdel(keys.handed_over(who)) or b"{}")
            await self._redis.delete(keys.desk_person(spoken.conversation))
            if held:
                key = f"desk:closed:{spoken.conversation}"
                await self._reply(who, key, "human_back", held.get("language", "es"))
            return True
        new = await self._redis.set(keys.seen("desk", spoken.message), "1", nx=True, ex=keys.DAY)
        if new:
            message = OutboundMessage(spoken.text, alphabet="gsm", about={"staff": True})
            await self._queue(who, f"desk:{spoken.message}", message)
            await emit(self._redis, Event("staff.answered", {}))
        return True

    async def _reply(self, person: str, key: str, phrase: str, language: str) -> None:
        release = live_release().current
        text = release.phrase(phrase, language)
        about = {"phrase": phrase, "release": release.number}
        await self._queue(person, key, OutboundMessage(text, language=language, about=about))

    async def _queue(self, person: str, key: str, message: OutboundMessage) -> None:
        channel = await self._redis.hget(keys.profile(person), "channel")
        if channel is None:  # erased
            return
        body = {
            "key": key,
            "channel": channel.decode(),
            "user_ref": person,
            "message": asdict(message),
            "answers": key,
        }
        reply = json.dumps(body, ensure_ascii=False)
        await self._redis.xadd(
            keys.outbox(keys.partition_of(person)), {"person": person, "reply": reply}
        )


def blueprint(chatwoot: Chatwoot, redis: Redis[bytes]) -> Blueprint:
    """Return the route that Chatwoot's API inbox calls: /webhooks/chatwoot/<secret>."""
    routes = Blueprint("helpdesk", url_prefix="/webhooks/chatwoot")
    desk = HelpDesk(chatwoot, redis)

    @routes.post("/<secret:str>", stream=True)
    async def webhook(request: Request, secret: str) -> HTTPResponse:
        hook = await as_webhook(request)
        try:
            chatwoot.verify(secret)
            spoken = chatwoot.parse(hook)
        except RequestError as error:
            logger.info("channel.refused channel=chatwoot reason=%s", error)
            return empty(status=error.status)
        try:
            if spoken is not None:
                await desk.take(spoken)
        except RedisError:
            return empty(status=503)
        return empty(status=200)

    return routes
