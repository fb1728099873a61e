"""The files become the live release until staff publish; from then on staff's stands."""

from dataclasses import replace

import pytest
from redis import Redis

from bot.cli import content as command
from bot.content import live
from bot.content import release as releases
from bot.content.files import read_content
from bot.runtime import keys
from bot.settings import ROOT

WORDS = "Lo que publicó el equipo."


@pytest.fixture
def store(redis_url, tmp_path, monkeypatch):
    """An empty store, and a folder of our own for what is archived."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("FARO_VAR", str(tmp_path))
    client = Redis.from_url(redis_url)
    client.flushall()
    return client


def staff_publish(store, number):
    """Do to the store what `console/releases/publishing.py` does, with other words."""
    content = read_content(ROOT)
    spanish = {**content.phrases["es"], "dropped_line": WORDS}
    content = replace(content, phrases={**content.phrases, "es": spanish})
    store.set(keys.RELEASE_SOURCE, "console")
    live.publish(store, releases.build(content, number), live.archive_folder())


def live_now(store):
    return releases.load(store.get(keys.release(int(store.get(keys.LIVE_RELEASE)))))


def archived():
    return sorted(path.name for path in live.archive_folder().glob("*.json"))


def test_what_staff_published_stays_when_the_files_are_published_again(store, capsys):
    assert [live.publish_files().number for _ in range(2)] == [1, 1]
    assert archived() == ["000001.json"]
    staff_publish(store, 2)
    assert command.publish() == 0
    assert "Release 2 is live.\nIt is the one that staff published, and stays." in (
        capsys.readouterr().out
    )
    assert live_now(store).number == 2
    assert live_now(store).content.phrases["es"]["dropped_line"] == WORDS


def test_staff_who_publish_at_the_same_moment_are_not_overwritten(store, monkeypatch):
    """Between our look at what is live and our move of the pointer they move it.

    Nobody can be that quick from outside, so it is done in the place where the pointer is moved.
    """
    unhindered, moved = live._go_live, []

    def overtaken(pipe, release):
        if not moved:
            moved.append(release.number)
            monkeypatch.setattr(live, "_go_live", unhindered)
            staff_publish(store, release.number)
        unhindered(pipe, release)

    monkeypatch.setattr(live, "_go_live", overtaken)
    assert live.publish_files().content.phrases["es"]["dropped_line"] == WORDS
    assert moved == [1]
    assert live_now(store).content.phrases["es"]["dropped_line"] == WORDS
    assert WORDS in (live.archive_folder() / "000001.json").read_text()
