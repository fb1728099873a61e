"""The simulator as one Sanic blueprint: the page with its files, the phones, the provider ends."""

from __future__ import annotations

import asyncio
import html
import mimetypes
import re
from pathlib import Path
from typing import Any

import yaml
from redis.asyncio import Redis
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.runtime.store import async_client
from bot.settings import ROOT
from channels.simulator import phones, telegram_api, twilio_api
from channels.simulator.config import Config
from channels.simulator.exchange import Exchange
from channels.simulator.hands import Phones
from channels.simulator.kept import Kept
from channels.simulator.postman import Postman
from channels.simulator.staff import StaffDetails
from channels.simulator.telegram_bot import Bot
from channels.simulator.twilio_account import Twilio

PAGE = Path(__file__).parent / "page"
TEXTS = ROOT / "data" / "simulator"
LANGUAGES = ("es", "en")
HEADERS = {
    # Nothing inline, nothing from elsewhere, nobody may frame us.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def blueprint(config: Config | None = None, redis: Redis[bytes] | None = None) -> Blueprint:
    """Return the routes of the simulator; none in production.

    ``redis`` is where the event log is; by default the store that REDIS_URL names.
    """
    config = config or Config.from_settings()
    made = Blueprint("simulator")
    if config.production:
        return made
    exchange, postman, kept = Exchange(), Postman(config), Kept(config.kept_file)
    twilio = Twilio(config, exchange, postman, kept)
    bot = Bot(config, exchange, postman, kept)
    twilio_api.routes(made, twilio)
    telegram_api.routes(made, bot)
    phones.routes(made, Phones(config, exchange, postman, twilio, bot))
    _page(made)
    following: list[asyncio.Task[None]] = []

    @made.listener("before_server_start")
    async def start(app: Any, loop: Any) -> None:
        await postman.open()
        store = redis or (async_client(config.redis_url) if config.redis_url else None)
        if store is not None:
            following.append(loop.create_task(StaffDetails(exchange, store).run()))

    @made.listener("before_server_stop")
    async def stop(app: Any, loop: Any) -> None:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        await postman.close()

    return made


def _page(made: Blueprint) -> None:
    template = (PAGE / "index.html").read_text(encoding="utf-8")
    texts = {language: _texts(language) for language in LANGUAGES}
    pages = {language: filled(template, texts[language]) for language in LANGUAGES}
    files = {
        path.relative_to(PAGE).as_posix(): path.read_bytes()
        for path in PAGE.rglob("*")
        if path.is_file() and path.name != "index.html"
    }

    @made.get("/", name="page")
    async def page(request: Request) -> HTTPResponse:
        return response.html(pages[_language(request)], headers=HEADERS)

    @made.get("/simulator/texts/<language:str>", name="page_texts")
    async def page_texts(request: Request, language: str) -> HTTPResponse:
        if language not in texts:
            return response.empty(404)
        return response.json(texts[language], headers=HEADERS)

    @made.get("/simulator/page/<path:path>", name="page_file")
    async def page_file(request: Request, path: str) -> HTTPResponse:
        if path not in files:
            return response.empty(404)
        mime = mimetypes.guess_type(path)[0] or "application/octet-stream"
        mime = "text/javascript" if path.endswith(".js") else mime
        return response.raw(files[path], content_type=f"{mime}; charset=utf-8", headers=HEADERS)


def filled(template: str, texts: dict[str, Any]) -> str:
    """Return the page with every ``{{name.of.text}}`` filled; raise ``KeyError`` if unknown.

    >>> filled("<p>{{a.b}}</p>", {"a": {"b": "1 < 2"}})
    '<p>1 &lt; 2</p>'
    """

    def text(found: re.Match[str]) -> str:
        value: Any = texts
        for name in found.group(1).split("."):
            value = value[name]
        return html.escape(str(value))

    return _PLACE.sub(text, template)


def _texts(language: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((TEXTS / f"{language}.yml").read_text(encoding="utf-8"))
    return loaded


def _language(request: Request) -> str:
    """Return the language asked for, else the first of the browser's that we have."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return str(asked)
    for part in request.headers.get("accept-language", "").split(","):
        language = part.partition(";")[0].strip().partition("-")[0].lower()
        if language in LANGUAGES:
            return str(language)
    return LANGUAGES[0]
