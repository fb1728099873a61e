"""The watcher against a site that does everything sites do."""

import itertools
import json

import pytest

from bot.runtime import keys
from bot.watch import fetch
from bot.watch.fetch import Fetcher
from bot.watch.testing import fee
from bot.watch.watcher import FileMemory, RedisMemory, watch
from tests.watch.site import Site, fail, hang, redirect, swell, trickle

FEE = "The asylum application fee for Form I-589 is $100 and it cannot be waived."


@pytest.fixture
def site():
    running = Site()
    running.say("/fees", FEE)
    yield running
    running.stop()


@pytest.fixture
def look(site, redis):
    async def once(path="/fees", fact=None, **how):
        async with Fetcher(pause=0.0, **how) as fetcher:
            found = await watch([fact or fee(100, site.url + path)], RedisMemory(redis), fetcher)
        return found[-1]

    return once


async def told(redis):
    return [json.loads(fields[b"details"]) for _, fields in await redis.xrange(keys.EVENTS)]


async def test_the_first_look_remembers_and_the_second_asks_if_it_changed(site, look, redis):
    assert (await look()).result == "first"
    assert (await look()).result == "unchanged"
    assert site.conditional == ["/fees"]
    assert await told(redis) == []


async def test_news_elsewhere_on_the_page_are_no_change(site, look, redis):
    await look()
    site.say("/fees", FEE, news="The office moves on Monday. Room 560.")
    assert (await look()).result == "unchanged"
    assert await told(redis) == []


async def test_a_changed_passage_is_shown_with_its_difference(site, look, redis):
    await look()
    site.say("/fees", FEE.replace("$100", "$560"))
    found = await look()
    assert found.result == "changed"
    assert "[-$100-] {+$560+}" in found.detail
    assert not found.value_there
    (event,) = await told(redis)
    assert event["fact"] == "us.asylum.i589_fee"
    assert event["owner"] == "legal-us"
    assert (await look()).result == "unchanged"  # told once


async def test_other_words_with_the_same_value_say_so(site, look):
    await look()
    site.say("/fees", FEE.replace("and it cannot be waived", "and nobody can waive it"))
    found = await look()
    assert (found.result, found.value_there) == ("changed", True)


async def test_a_passage_that_is_taken_out_is_gone(site, look, redis):
    await look()
    site.say("/fees", "This page is being updated.")
    assert (await look()).result == "gone"
    site.say("/fees", FEE)
    assert (await look()).result == "first"
    assert [event["result"] for event in await told(redis)] == ["gone"]


async def test_a_page_that_moved_for_good_is_followed_and_told_once(site, look, redis):
    await look()
    site.pages["/fees"] = redirect("/new/fees")
    site.say("/new/fees", FEE)
    found = await look()
    assert (found.result, found.detail) == ("moved", f"{site.url}/new/fees")
    assert (await look()).result == "unchanged"
    assert [event["result"] for event in await told(redis)] == ["moved"]


async def test_a_passing_redirect_is_no_move(site, look):
    site.pages["/fees"] = redirect("/today", 302)
    site.say("/today", FEE)
    assert (await look()).result == "first"


async def test_a_page_must_be_missing_twice_to_be_gone(site, look, redis):
    await look()
    site.pages["/fees"] = fail(410)
    assert (await look()).result == "failed"
    assert (await look()).result == "gone"
    assert (await look()).result == "gone"
    assert [event["result"] for event in await told(redis)] == ["gone"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (fail(500), "http_500"),
        (fail(403), "http_403"),
        (hang(2), "timeout"),
        (trickle, "timeout"),
        (swell, "too_large"),
        (redirect("/fees"), "too_many_redirects"),
        (redirect("file:///etc/passwd"), "no_web_address"),
        (redirect("http://127.0.0.1:9/"), "ConnectError"),
        (lambda handler: handler.wfile.write(b"no http at all\r\n\r\n"), "RemoteProtocolError"),
    ],
)
async def test_what_fails_is_survived_and_changes_nothing(site, look, redis, answer, why):
    await look()
    before = await redis.get(keys.watched(f"{site.url}/fees"))
    site.pages["/fees"] = answer
    found = await look(timeout=0.5, whole=1.0)
    assert (found.result, found.detail) == ("failed", why)
    assert (
        json.loads(await redis.get(keys.watched(f"{site.url}/fees")))["passages"]
        == json.loads(before)["passages"]
    )
    assert await told(redis) == []
    site.say("/fees", FEE)
    assert (await look()).result == "unchanged"


async def test_what_robots_txt_forbids_is_not_fetched(site, look):
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /fees"
    assert (await look()).detail == "robots"
    assert "/fees" not in [path for path, _ in site.requests]


async def test_one_host_is_not_hurried(site, redis):
    for number in range(3):
        site.say(f"/{number}", FEE)
    facts = [fee(100, f"{site.url}/{number}") for number in range(3)]
    async with Fetcher(pause=0.2) as fetcher:
        await watch(facts, RedisMemory(redis), fetcher)
    times = [at for _, at in site.requests]
    assert all(later - earlier >= 0.15 for earlier, later in itertools.pairwise(times))


async def test_nothing_is_asserted_from_a_change_that_nobody_read(site, look):
    fact = fee(100, f"{site.url}/fees")
    await look(fact=fact)
    site.say("/fees", FEE.replace("$100", "$999"))
    await look(fact=fact)
    assert fact.value == 100


async def test_without_a_store_a_file_remembers(site, tmp_path):
    for expected in ("first", "unchanged"):
        async with Fetcher(pause=0.0) as fetcher:
            (found,) = await watch(
                [fee(100, f"{site.url}/fees")], FileMemory(tmp_path / "watch.json"), fetcher
            )
        assert found.result == expected


async def test_a_page_that_is_no_text_is_named(site, look):
    def picture(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/pdf")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.pages["/fees"] = picture
    assert (await look()).detail == "not_text"
    assert fetch.LARGEST > 1_000_000
