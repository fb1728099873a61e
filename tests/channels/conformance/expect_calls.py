"""What a case makes us ask of the provider: which calls, and what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.sms import sms_size
from bot.text import utf16_units
from tests.channels.conformance.world import World
from tests.channels.harness import CONTENTS

Wire = tuple[str, dict[str, Any], Any]

_NAMES = {sid: name for name, sid in CONTENTS.items()}

# Everything a case may expect of a call; what is not here would pass unseen.
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


def outbound(world: World, expected: dict[str, Any]) -> Iterator[str]:
    """Compare the calls that were made."""
    calls = list(calls_of(world))
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


def calls_of(world: World) -> Iterator[Wire]:
    """Yield every call by the name that cases give it, with its parameters and the request."""
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


def texts(world: World, expected: dict[str, Any]) -> Iterator[str]:
    """Compare the words of the calls, and how many parts of an SMS they take."""
    bodies = [params.get("Body", "") for _, params, _ in calls_of(world)]
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
