"""Twilio's addresses: messages, contents and typing.

https://www.twilio.com/docs/messaging/api
"""

from __future__ import annotations

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.simulator.provider import form, json_object
from channels.simulator.twilio_account import Twilio
from channels.simulator.twilio_errors import TwilioRefusal


def routes(blueprint: Blueprint, twilio: Twilio) -> None:
    """Add Twilio's addresses below /simulator/twilio."""
    base = "/simulator/twilio"
    messages = f"{base}/2010-04-01/Accounts/<sid:str>/Messages"

    @blueprint.exception(TwilioRefusal)
    async def refuse(request: Request, refusal: TwilioRefusal) -> HTTPResponse:
        return refusal.answer()

    @blueprint.route(f"{messages}.json", methods=["GET", "POST"], name="twilio_messages")
    async def all_messages(request: Request, sid: str) -> HTTPResponse:
        twilio.admit(request, sid)
        if request.method == "POST":
            return response.json(twilio.create(form(request)), 201)
        asked = request.args.get("PageSize", "50")
        size = min(int(asked), 1000) if asked.isdigit() else 50
        found = twilio.list(request.args.get("To", ""), request.args.get("From", ""))[:size]
        uri = request.path.removeprefix(base)
        page = {"first_page_uri": uri, "end": max(0, len(found) - 1), "start": 0, "page": 0}
        page |= {"next_page_uri": None, "previous_page_uri": None, "page_size": size, "uri": uri}
        return response.json({"messages": found, **page})

    @blueprint.route(
        f"{messages}/<file:str>", methods=["GET", "POST", "DELETE"], name="twilio_message"
    )
    async def one_message(request: Request, sid: str, file: str) -> HTTPResponse:
        twilio.admit(request, sid)
        message = file.removesuffix(".json")
        if request.method == "DELETE":
            twilio.remove(message, request.path)
            return response.empty()
        record = twilio.fetch(message, request.path)
        if request.method == "POST" and form(request).get("Body") == [""]:
            record["body"] = ""  # the one change Twilio allows: taking the words out
        return response.json(record)

    @blueprint.route(f"{base}/v1/Content", methods=["GET", "POST"], name="twilio_contents")
    async def contents(request: Request) -> HTTPResponse:
        twilio.admit(request)
        if request.method == "POST":
            return response.json(twilio.contents.make(json_object(request), request.url), 201)
        meta = {"key": "contents", "page": 0, "page_size": 50, "next_page_url": None}
        meta |= {"previous_page_url": None, "first_page_url": request.url, "url": request.url}
        return response.json({"contents": twilio.contents.list(), "meta": meta})

    @blueprint.route(
        f"{base}/v1/Content/<sid:str>", methods=["GET", "DELETE"], name="twilio_content"
    )
    async def content(request: Request, sid: str) -> HTTPResponse:
        twilio.admit(request)
        found = twilio.contents.get(sid)
        if found is None:
            raise TwilioRefusal(20404, request.path)
        if request.method == "DELETE":
            twilio.contents.remove(sid)
            return response.empty()
        return response.json(found)

    @blueprint.post(f"{base}/v3/Indicators/Typing.json", name="twilio_typing")
    async def typing(request: Request) -> HTTPResponse:
        twilio.admit(request)
        asked = (json_object(request) if "json" in request.content_type else None) or {
            name: values[0] for name, values in form(request).items()
        }
        if str(asked.get("channel", "")).lower() != "whatsapp":
            raise TwilioRefusal(20001, "channel must be WHATSAPP")
        twilio.typing(str(asked.get("messageId", "")), request.path)
        return response.json({"success": True})
