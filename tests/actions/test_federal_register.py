"""The live source: fetched politely, remembered, and never in the way of an answer."""

import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from actions import facts
from actions.federal_register import FederalRegister
from bot.content.files import read_content
from bot.settings import ROOT

NOTICE = {
    "title": "Termination of the Designation of Honduras for Temporary Protected Status",
    "publication_date": "2026-07-08",
    "html_url": "https://www.federalregister.gov/documents/2026/07/08/notice",
}
QUERY = {"term": '"Temporary Protected Status" "Honduras"', "type[]": "NOTICE"}


class Source:
    """A server with the shape of the documents API; ``answers`` are given in turn."""

    def __init__(self):
        self.asked = []
        self.answers = []
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                source.asked.append(parse_qs(urlsplit(self.path).query))
                status, body = source.answers.pop(0) if source.answers else (200, found(NOTICE))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/v1"


def found(*notices):
    return json.dumps({"count": len(notices), "results": list(notices)}).encode()


@pytest.fixture
def source(monkeypatch):
    made = Source()
    monkeypatch.setenv("FEDERAL_REGISTER_URL", made.url)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield made
    made.server.shutdown()


async def test_the_newest_notice_is_asked_for_as_the_api_wants(source):
    notice = await FederalRegister().newest(QUERY)
    assert (notice.value, notice.url) == (date(2026, 7, 8), NOTICE["html_url"])
    assert source.asked == [
        {
            "conditions[term]": ['"Temporary Protected Status" "Honduras"'],
            "conditions[type][]": ["NOTICE"],
            "order": ["newest"],
            "per_page": ["1"],
            "fields[]": ["title", "publication_date", "html_url"],
        }
    ]


async def test_it_is_asked_once_and_then_remembered(source):
    register = FederalRegister()
    assert await register.newest(QUERY) == await register.newest(QUERY)
    assert len(source.asked) == 1


async def test_it_is_remembered_in_redis_for_every_process(source, redis, redis_url, monkeypatch):
    monkeypatch.setenv("REDIS_URL", redis_url)
    await FederalRegister().newest(QUERY)
    source.server.shutdown()
    source.server.server_close()
    assert (await FederalRegister().newest(QUERY)).published == date(2026, 7, 8)


async def test_one_failure_is_tried_again_at_once(source):
    source.answers = [(503, b"busy")]
    assert (await FederalRegister().newest(QUERY)).published == date(2026, 7, 8)
    assert len(source.asked) == 2


@pytest.mark.parametrize(
    "answer", [(500, b"broken"), (200, b"<html>"), (200, found({"title": "x"})), (200, found())]
)
async def test_a_source_in_trouble_gives_nothing_and_is_left_alone(source, answer):
    source.answers = [answer] * 2
    register = FederalRegister()
    assert await register.newest(QUERY) is None
    asked = len(source.asked)
    assert await register.newest(QUERY) is None
    assert len(source.asked) == asked


async def test_when_the_source_is_away_the_older_copy_stands_with_its_date(source):
    register = FederalRegister(fresh_for=0)
    first = await register.newest(QUERY)
    source.answers = [(503, b"")] * 2
    assert await register.newest(QUERY) == first
    assert source.answers == []


@pytest.fixture
def current():
    """Return a fact as it stands, from a reader that has asked for nothing yet."""
    content, readers = read_content(ROOT), {"federal_register": FederalRegister()}
    return lambda name: facts.current(content, name, readers=readers)


async def test_a_live_fact_has_value_status_date_and_source(source, current):
    found_ = await current("us.tps.honduras.newest_notice")
    assert found_.fact.value == date(2026, 7, 8)
    assert found_.status == "current"
    assert found_.source.url == NOTICE["html_url"]


async def test_a_live_fact_without_its_source_is_not_said(source, current):
    source.answers = [(503, b"")] * 2
    assert (await current("us.tps.honduras.newest_notice")).status == "withdrawn"


async def test_a_written_fact_comes_from_the_release(current):
    found_ = await current("us.asylum.one_year_deadline")
    assert (found_.fact.value, found_.fact.unit) == (1, "year")
    assert found_.source.short


async def test_an_unknown_fact_is_nothing(current):
    assert await current("us.no_such_fact") is None
