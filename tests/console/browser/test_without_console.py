"""What staff have published answers people without the console, and without its database."""

import os
import signal

import httpx
import pytest
from playwright.sync_api import expect

from bot.chaos.system import children, wait_for
from bot.runtime import keys
from tests.console.site import answers_with, reply

ASK = "la loteria de visas de estados unidos"
WORDS = "Consejo que no esta en los archivos"  # staff's release alone says this


@pytest.fixture(scope="module", autouse=True)
def published(team, faro, twilio):
    """A release that staff made: what the files hold answers nobody any more."""
    rosa, marta = team["rosa"], team["marta"]
    rosa.open_answer("diversity_lottery")
    sms = rosa.page.locator("textarea[name=sms]")
    sms.fill(f"{WORDS}.\n{sms.input_value()}")
    expect(rosa.page.locator("[data-faro-sum]")).to_have_attribute("data-state", "right")
    rosa.press("action-submit")
    marta.approve("(diversity_lottery)")
    marta.publish()
    assert answers_with(faro, twilio, "+504995507", WORDS, text=ASK)


def consoles(faro):
    return children(faro.process.pid, "console serve")


def test_with_the_console_stopped_the_last_release_answers(faro, console, twilio):
    (pid,) = consoles(faro)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(httpx.TimeoutException):
            httpx.get(f"{console.url}/login/", timeout=2)
        assert WORDS in reply(faro, twilio, "+50499550998", ASK)
    finally:
        os.kill(pid, signal.SIGCONT)


def move_database(source, target):
    for path in source.glob("console.sqlite3*"):
        path.rename(target / path.name)


@pytest.fixture
def no_database(faro, console, tmp_path):
    """The console's database is gone; afterwards it is there again, for whoever comes next."""
    (pid,) = consoles(faro)
    move_database(faro.folder, tmp_path)
    os.kill(pid, signal.SIGKILL)
    yield pid
    (pid,) = consoles(faro)
    os.kill(pid, signal.SIGKILL)
    for path in faro.folder.glob("console.sqlite3*"):
        path.unlink()
    move_database(tmp_path, faro.folder)
    wait_for(lambda: [each for each in consoles(faro) if each != pid], 60)
    console.wait_until_ready()


def test_with_its_database_gone_the_last_release_answers(faro, console, twilio, no_database):
    """Also after Faro has started the console again, with a new database."""
    pointers = (keys.LIVE_RELEASE, keys.LIVE_MODEL)
    before = faro.redis.mget(pointers)
    assert WORDS in reply(faro, twilio, "+50499550999", ASK)
    wait_for(lambda: [each for each in consoles(faro) if each != no_database], 60)
    console.wait_until_ready()
    assert (faro.folder / "console.sqlite3").exists()
    assert faro.redis.mget(pointers) == before
    assert WORDS in reply(faro, twilio, "+50499551000", ASK)
