"""What somebody in danger gets in a case, and what a stranger hears first."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any

from bot.content.compose import Person, compose
from bot.runtime import keys
from tests.channels.conformance.expect_calls import calls_of
from tests.channels.conformance.world import World, release
from tests.channels.harness import events_in


async def safety(world: World, expected: dict[str, Any]) -> Any:
    """Compare the help that was named, and who was told of it."""
    if "safety" in expected:
        calls = list(calls_of(world))
        said = json.dumps([params for _, params, _ in calls], ensure_ascii=False)
        if not calls or not re.search(r"\d{3,}", said):
            yield "no referral was sent"
        if "x:not_me" not in said and not re.search(r"\d\. ", said):
            yield "no way to say that it is about somebody else"
    if "queue" in expected or "queue" in (expected.get("safety") or {}):
        types = {event["type"] for event in await events_in(world.redis)}
        if not types & {"crisis", "queue.human"}:
            yield "nobody of the staff is called"
    if hours := expected.get("campaign_paused_hours"):
        left = await world.redis.ttl(keys.campaigns_paused(world.person))
        if abs(left - hours * 3600) > 60:
            yield f"campaigns are paused for {left} s"
    if first := expected.get("first_reply"):
        person = Person(language="es", channel=world.channel.name())
        said = compose(release(), "first_contact", person, datetime.now(timezone.utc).date()).text
        if len(said) > first["max_chars"]:
            yield f"the first reply has {len(said)} characters"
        words = ("WhatsApp" if world.channel.name() == "whatsapp" else "", "30|treinta", "BORRAR")
        missing = [word for word in words if not re.search(word, said)]
        if missing:
            yield f"the first reply lacks {missing}: {said}"
