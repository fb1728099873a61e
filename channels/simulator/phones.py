"""The page's own addresses: what a person sends, and the stream of what appears on the screens."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.simulator.credentials import CHANNELS
from channels.simulator.exchange import Phone
from channels.simulator.hands import CannotSend, Phones
from channels.simulator.people import Person, person
from channels.simulator.provider import json_object
from channels.simulator.streams import stream


def routes(blueprint: Blueprint, phones: Phones) -> None:
    """Add the page's own addresses below /simulator/phones."""

    @blueprint.post("/simulator/phones/<channel:str>/<person_id:str>/send", name="phones_send")
    async def send(request: Request, channel: str, person_id: str) -> HTTPResponse:
        # A page of another site can post a form to us, but not JSON.
        if "application/json" not in request.content_type:
            return response.json({"error": "send JSON"}, 415)
        who, what = person(person_id), json_object(request)
        if channel not in CHANNELS or who is None or what is None:
            return response.json({"error": "no such phone, or no JSON object"}, 400)
        try:
            return response.json(await phones.send(channel, who, what))
        except CannotSend as error:
            return response.json({"error": str(error)}, error.status)

    @blueprint.get("/simulator/phones/<person_id:str>/events", name="phones_events")
    async def events(request: Request, person_id: str) -> HTTPResponse | None:
        who = person(person_id)
        if who is None:
            return response.json({"error": "no such person"}, 400)
        mine = [phones.exchange.phone(channel, who.address(channel)) for channel in CHANNELS]
        await stream(request, phones.exchange, mine, _hello(phones, who, mine))
        return None

    @blueprint.get("/simulator/commands/<language:str>", name="phones_commands")
    async def commands(request: Request, language: str) -> HTTPResponse:
        return response.json(phones.bot.commands_in(language))


def _hello(phones: Phones, who: Person, mine: list[Phone]) -> dict[str, Any]:
    """Return everything that stands on a person's phones, with which a page begins."""
    ours = {channel: phones.config.number(channel) for channel in ("whatsapp", "sms")}
    return {
        "type": "hello",
        "person": {"phone": who.phone, "telegram": who.telegram},
        "phones": {
            phone.channel: {
                "state": phones.config.state(phone.channel),
                "ours": ours.get(phone.channel, phones.bot.me["username"]),
                "blocked": phone.opted_out,
                "messages": [asdict(bubble) for bubble in phone.bubbles.values()],
            }
            for phone in mine
        },
    }
