"""What a case expects, compared with what happened; every difference is one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from bot.choices import menu
from bot.content.compose import Person, compose
from bot.messages import InboundMessage
from bot.runtime import keys
from bot.sms import sms_size
from bot.text import for_rasa, utf16_units
from tests.channels.conformance.world import World, outbound, release
from tests.channels.harness import CONTENTS, events_in

Wire = tuple[str, dict[str, Any], Any]

_NETWORKS = {"sms": "tel", "whatsapp": "whatsapp", "telegram": "telegram"}
_SENDS = {"POST Messages.json": "twilio.messages.create"}
_NAMES = {sid: name for name, sid in CONTENTS.items()}


# Everything a case may expect; what is not here would pass unseen.
KNOWN = frozenset(
    [
        "http",
        "messages",
        "replies_max",
        "events",
        "outbound",
        "consent_after",
        "outbound_exact",
        "sms",
        "body_absent",
        "state_after",
        "status_after",
        "attempts",
        "logs_absent",
        "safety",
        "campaign_paused_hours",
        "store_absent",
        "engine_text_must_not_start_with",
        "created",
        "retry",
        "second_call_absent",
        "queue",
        "engine_calls_max",
        "outbound_notice",
        "events_absent",
        "store_policy",
        "first_reply",
        "outbound_absent",
    ]
)
KNOWN_OF_CALLS = frozenset(
    [
        "api",
        "params",
        "count",
        "params_absent",
        "text_max",
        "buttons_max",
        "last_item",
        "titles",
        "body_max",
        "json",
    ]
)


async def differences(world: World, logs: str) -> list[str]:
    """Return what is not as the case expects."""
    return [line async for line in _differences(world, logs)]


async def _differences(world: World, logs: str) -> Any:
    expected = world.case["expect"]
    for name in set(expected) - KNOWN:
        yield f"nothing here compares {name!r}"
    for name in {n for call in expected.get("outbound", ()) for n in call} - KNOWN_OF_CALLS:
        yield f"nothing here compares {name!r} of a call"
    for check in (_http, _outbound, _texts):
        for line in check(world, expected):
            yield line
    for found in (_messages, _events, _records, _store, _safety):
        async for line in found(world, expected):
            yield line
    for word in expected.get("logs_absent", ()):
        if word in logs:
            yield f"a log line contains {word}"


# -- requests ------------------------------------------------------------------------------------


def _http(world: World, expected: dict[str, Any]) -> Iterator[str]:
    wanted = (expected.get("http") or {}).get("status")
    for answer in world.answers:
        if wanted and answer.status not in wanted:
            yield f"answered {answer.status}, not {wanted}"
        if "<Message" in answer.body:
            yield "answered with a message"
    limit = (expected.get("http") or {}).get("max_ms")
    if limit and max(world.took_ms) > limit:
        yield f"took {max(world.took_ms):.0f} ms"


async def _messages(world: World, expected: dict[str, Any]) -> Any:
    if "engine_calls_max" in expected or "messages" in expected:
        seen = await world.engine_sees() if not world.store_down else []
        if len(seen) > expected.get("engine_calls_max", len(seen)):
            yield f"{len(seen)} messages reached the assistant"
    if "messages" not in expected:
        return
    if len(seen) != len(expected["messages"]):
        yield f"{len(seen)} messages, not {len(expected['messages'])}: {seen}"
        return
    for message, wanted in zip(seen, expected["messages"], strict=True):
        for line in _message(message, wanted):
            yield line
        start = expected.get("engine_text_must_not_start_with")
        if start and for_rasa(message.text).startswith(start):
            yield f"Rasa would read {for_rasa(message.text)!r}"


def _message(message: InboundMessage, wanted: dict[str, Any]) -> Iterator[str]:
    attachments = [
        {"type": a.type, "mime": a.mime, "file_id": a.ref, "duration": a.seconds}
        for a in message.attachments
    ]
    place = message.location
    got: dict[str, Any] = {
        "user_ref": message.user_ref,
        "network": _NETWORKS[message.channel],
        "kind": message.kind,
        "text": message.text,
        "payload": message.payload,
        "location": {"lat": place.lat, "lon": place.lon, "label": place.label or None}
        if place
        else None,
        "reply_to": message.reply_to,
        "edited": message.edited,
        "args": message.args,
        "lang_hint": message.language_hint,
        "own": "own_contact" in message.flags,
    }
    for name, value in wanted.items():
        if name == "attachments":
            if len(value) != len(attachments) or any(
                not want.items() <= {**got_, **_unknown(want, got_)}.items()
                for want, got_ in zip(value, attachments, strict=False)
            ):
                yield f"attachments {attachments}, not {value}"
        elif name == "flags":
            if not set(value) <= set(message.flags):
                yield f"flags {message.flags}, not {value}"
        elif name == "location" and value:
            # Rounded before it is stored anywhere; the case names it as it came.
            rounded = {**value, "lat": round(value["lat"], 2), "lon": round(value["lon"], 2)}
            if got["location"] != {"label": None, **rounded}:
                yield f"location {got['location']}, not {rounded}"
        elif name == "reply_to" and value is None:
            continue  # cases leave it out where it does not matter
        elif name not in got:
            yield f"nothing like {name} in a message"
        elif got[name] != value:
            yield f"{name} is {got[name]!r}, not {value!r}"


def _unknown(want: dict[str, Any], got: dict[str, Any]) -> dict[str, Any]:
    return {name: want[name] for name in want if name not in got}


# -- calls ---------------------------------------------------------------------------------------


def _outbound(world: World, expected: dict[str, Any]) -> Iterator[str]:
    calls = list(_calls(world))
    wanted = expected.get("outbound")
    for absent in expected.get("outbound_absent", ()):
        host = absent.rsplit("/", 1)[-1] if "://" in absent else absent
        if any(host in str(request.url) for _, _, request in calls):
            yield f"made a call to {host}"
    if "attempts" in expected:
        attempts = [c for c in calls if c[0] in ("twilio.messages.create", "telegram.sendMessage")]
        if len(attempts) != expected["attempts"]:
            yield f"{len(attempts)} attempts, not {expected['attempts']}"
        for name in expected.get("second_call_absent", ()):
            if name in attempts[1][1]:
                yield f"the second call has {name}"
    if "replies_max" in expected and len(calls) > expected["replies_max"]:
        yield f"{len(calls)} replies"
    if "outbound_notice" in expected and len(calls) != expected["outbound_notice"]:
        yield f"{len(calls)} notices"
    if wanted is None:
        return
    if wanted == [] and calls:
        yield f"calls were made: {[name for name, _, _ in calls]}"
    if expected.get("outbound_exact") and len(calls) != len(wanted):
        yield f"{len(calls)} calls, not {len(wanted)}: {[params for _, params, _ in calls]}"
    rest = calls
    for want in wanted:
        same = [call for call in rest if call[0] == want["api"]]
        fitting = [call for call in same if not list(_call(world, call, want))]
        if len(fitting) < want.get("count", 1):
            reasons = list(_call(world, same[0], want)) if same else [[c[0] for c in calls]]
            yield f"no call {want['api']} as expected: {reasons}"
        if "count" in want and len(same) > want["count"]:
            yield f"{len(same)} calls {want['api']}"
        if fitting:
            rest = rest[rest.index(fitting[0]) + 1 :] if expected.get("outbound_exact") else rest


def _calls(world: World) -> Iterator[Wire]:
    for (name, params), request in zip(world.provider.calls, world.provider.requests, strict=True):
        url = str(request.url)
        if request.url.host == "api.telegram.org":
            yield f"telegram.{name}", params, request
        elif name == "POST Messages.json":
            yield "twilio.messages.create", params, request
        elif request.method == "DELETE":
            sid = request.url.path.rsplit("/", 1)[-1].removesuffix(".json")
            yield "twilio.media.delete", {"sid": sid}, request
        elif (request.method == "GET" and "Media" in url) or request.url.host.endswith("cdn.com"):
            given = request.headers.get("authorization")
            yield "http.get", {"url": url, "authorization": given and given.split()[0]}, request
        else:
            yield f"{request.method} {url}", params, request


def _call(world: World, call: Wire, want: dict[str, Any]) -> Iterator[str]:
    _, params, _ = call
    for name, value in {**want.get("params", {}), **want.get("json", {})}.items():
        if not _fits(world, params.get(name), value):
            yield f"{name} is {params.get(name)!r}, not {value!r}"
    for name in want.get("params_absent", ()):
        if name in params:
            yield f"{name} is there"
    for name, limit in (("text", want.get("text_max")), ("Body", want.get("body_max"))):
        if limit and utf16_units(params.get(name, "")) > limit:
            yield f"{name} is longer than {limit}"
    words = list(json.loads(params.get("ContentVariables", "{}")).values())
    choices = _choices(params, words)
    if "titles" in want and [title for title, _ in choices] != want["titles"]:
        yield f"titles {choices}"
    if "last_item" in want:
        title, payload = choices[-1]
        last = want["last_item"]
        if title != last["title"] or not payload.startswith(last["id_prefix"]):
            yield f"the last item is {choices[-1]}"
    rows = (params.get("reply_markup") or {}).get("inline_keyboard", [])
    if "buttons_max" in want and sum(map(len, rows)) > want["buttons_max"]:
        yield "too many buttons"
    if any(len(row) > 8 for row in rows):
        yield "a row is too wide"


def _choices(params: dict[str, Any], words: list[str]) -> list[tuple[str, str]]:
    """Return (title, payload) of the choices in a filled content."""
    name = _NAMES.get(params.get("ContentSid", ""), "")
    first, width = (2, 2) if name.startswith("list") else (1, 2)
    width = 3 if name.endswith("described") else width
    return [(words[at], words[at + 1]) for at in range(first, len(words) - 1, width)]


def _fits(world: World, got: Any, want: Any) -> bool:
    if isinstance(want, str) and "<" in want and world.channel.name() != "telegram":
        if want.startswith("<"):
            return _NAMES.get(str(got), "").startswith(want.strip("<>"))
        ours = want.replace("/webhooks/twilio/", f"/webhooks/{world.channel.name()}/")
        pattern = "".join(
            ".+" if part.startswith("<") else re.escape(part)
            for part in re.split(r"(<[^>]*>)", ours)
        )
        return bool(re.fullmatch(pattern, str(got)))
    if isinstance(want, bool):
        return str(got).lower() == str(want).lower()
    if isinstance(want, int):
        return str(got) == str(want)
    return bool(got == want)


def _texts(world: World, expected: dict[str, Any]) -> Iterator[str]:
    bodies = [params.get("Body", "") for _, params, _ in _calls(world)]
    for word in expected.get("body_absent", ()):
        if any(word in body for body in bodies):
            yield f"a text contains {word}"
    if "sms" in expected:
        text = world.given["text"] if "text" in world.given else (bodies or [""])[0]
        size = sms_size(text)
        if (size.encoding, size.segments) != (
            expected["sms"]["encoding"],
            expected["sms"]["segments"],
        ):
            yield f"{size}, not {expected['sms']}"


# -- what is kept ----------------------------------------------------------------------------------


async def _events(world: World, expected: dict[str, Any]) -> Any:
    got = await events_in(world.redis)
    for want in expected.get("events", ()):
        if not any(_covers(event, want) for event in got):
            yield f"no event {want} among {got}"
    for absent in expected.get("events_absent", ()):
        if any(event["type"] == absent for event in got):
            yield f"there is an event {absent}"


def _covers(event: dict[str, Any], want: dict[str, Any]) -> bool:
    return all(str(event.get(name)) == str(value) for name, value in want.items())


async def _records(world: World, expected: dict[str, Any]) -> Any:
    redis = world.redis
    found = [key async for key in redis.scan_iter("delivery:*")]
    statuses = [s.decode() for key in found if (s := await redis.hget(key, "status"))]
    if "status_after" in expected and expected["status_after"] not in statuses:
        yield f"status is {statuses}, not {expected['status_after']}"
    if expected.get("created") is False and statuses:
        yield "a record was made"
    if "retry" in expected:
        never = expected["retry"].startswith(("never", "not "))
        waiting = await redis.zcard(keys.LATER)
        if never == bool(waiting):
            yield f"{waiting} sent again, expected: {expected['retry']}"
        if "lower rate" in expected["retry"] and not await redis.exists(
            keys.slow(world.channel.name())
        ):
            yield "the rate was not lowered"
    if expected.get("consent_after") == "opted_out" and not await redis.exists(
        keys.opted_out(world.person)
    ):
        yield "no longer opted out"
    offered = (expected.get("state_after") or {}).get("last_choices")
    if offered is not None:
        kept = [choice.payload for choice in menu(outbound(world.given["send"]))]
        if kept != offered:
            yield f"the menu is {kept}"


async def _store(world: World, expected: dict[str, Any]) -> Any:
    wanted = [word for word in expected.get("store_absent", ()) if " " not in word]
    if not wanted:
        return
    kept = await everything(world)
    for word in wanted:
        if word in kept:
            yield f"{word} is stored"


async def everything(world: World) -> str:
    """Return all that Redis holds, as one text."""
    redis, parts = world.redis, []
    async for key in redis.scan_iter("*"):
        kind = (await redis.type(key)).decode()
        read = {
            "string": redis.get, "hash": redis.hgetall, "stream": redis.xrange,
            "set": redis.smembers,
        }.get(kind)  # fmt: skip
        held = await read(key) if read else await redis.zrange(key, 0, -1)
        parts.append(f"{key!r} {held!r}")
    return "\n".join(parts)


# -- safety ----------------------------------------------------------------------------------------


async def _safety(world: World, expected: dict[str, Any]) -> Any:
    if "safety" in expected:
        calls = list(_calls(world))
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
