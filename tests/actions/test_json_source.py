"""Values out of a JSON that somebody publishes: of the type, from the place, or not at all."""

import json
import threading
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from actions import facts
from actions.json_source import JsonSource, at
from bot.content.files import read_content
from bot.content.model import Live
from bot.settings import ROOT

DOCUMENT = {
    "as_of": "2026-11-20T08:00:00Z",
    "fees": [{"form": "I-589", "usd": 104}, {"form": "I-130", "usd": 700.5}],
    "next": {"court/date": "2026-12-01"},
    "line": "+504 2222-0000",
    "open": True,
}


class Site:
    """A server on this machine that publishes one document."""

    def __init__(self):
        self.status, self.body, self.asked = 200, json.dumps(DOCUMENT).encode(), 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked += 1
                self.send_response(site.status)
                self.end_headers()
                self.wfile.write(site.body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/fees.json"

    def query(self, pointer, type_, **more):
        return {"url": self.url, "pointer": pointer, "type": type_, **more}


@pytest.fixture
def site(monkeypatch):
    monkeypatch.delenv("REDIS_URL", raising=False)
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.parametrize(
    ("pointer", "type_", "value"),
    [
        ("/fees/0/usd", "number", 104.0),
        ("/fees/1/usd", "number", 700.5),
        ("/next/court~1date", "date", date(2026, 12, 1)),
        ("/line", "text", "+504 2222-0000"),
    ],
)
async def test_a_value_is_read_by_pointer_and_type(site, pointer, type_, value):
    found = await JsonSource().newest(site.query(pointer, type_, published="/as_of"))
    assert (found.value, found.published) == (value, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("pointer", "type_"),
    [
        ("/fees/2/usd", "number"),
        ("/fees/-/usd", "number"),
        ("/fees/0/form", "number"),
        ("/open", "number"),
        ("/line", "date"),
        ("/fees", "text"),
        ("/nothing", "text"),
    ],
)
async def test_what_is_not_there_or_not_of_the_type_is_no_value(site, pointer, type_):
    assert await JsonSource().newest(site.query(pointer, type_)) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (200, b"<html>"), (200, b'{"line": "' + b"x" * 1_100_000 + b'"}')],
)
async def test_a_source_that_fails_or_floods_gives_nothing(site, status, body):
    site.status, site.body = status, body
    assert await JsonSource().newest(site.query("/line", "text")) is None


async def test_a_value_outlives_its_source_in_redis_with_its_type(
    site, redis, redis_url, monkeypatch
):
    monkeypatch.setenv("REDIS_URL", redis_url)
    query = site.query("/next/court~1date", "date")
    await JsonSource().newest(query)
    site.status = 500
    assert (await JsonSource().newest(query)).value == date(2026, 12, 1)
    assert site.asked == 1


async def test_a_fact_takes_its_value_from_the_document(site):
    content = read_content(ROOT)
    name = "us.tps.honduras.newest_notice"
    written = content.facts[name]
    fed = replace(
        written, type="money", unit="USD", live=Live("json", site.query("/fees/0/usd", "number"))
    )
    changed = replace(content, facts={**content.facts, name: fed})
    found = await facts.current(changed, name, readers={"json": JsonSource()})
    assert (found.fact.value, found.source.url) == (104.0, site.url)
    assert found.status == "current"


def test_a_pointer_to_the_whole_is_the_whole():
    assert at([1], "") == [1]
