"""Emergency banners: up in one step, in every answer of a country, gone in time."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from bot.content import checks
from bot.content import release as releases
from bot.content.compose import Person, compose
from bot.content.live import LiveRelease, archive_folder, publish
from console.content.models import Answer
from console.releases import publishing
from console.releases.models import Banner, Publication
from console.releases.schedule import tick
from tests.console.people import signed_in

pytestmark = pytest.mark.usefixtures("few", "store")


def put_up(**changes):
    _pablo, officer = signed_in("pablo", "protection")
    data = {"country": "HN", "hours": "24", "text_es": "Huracán: buscá refugio ya.",
            "text_en": "Hurricane: find shelter now.", "put-up": "1", **changes}  # fmt: skip
    return officer.post("/banners/", data, follow=True), officer


def said(store, country, language="es", name="tps", channel="whatsapp"):
    live = LiveRelease(releases.build(publishing.candidate(), 0), store)
    live.refresh()
    person = Person(language, country, country, channel)
    return compose(live.current, name, person, datetime.now(timezone.utc).date()).text


def test_it_stands_before_every_answer_of_its_country(store):
    put_up()
    for channel in ("whatsapp", "sms", "telegram"):
        assert said(store, "HN", channel=channel).startswith("Huracán: buscá refugio ya.")
    assert said(store, "HN", "en").startswith("Hurricane: find shelter now.")
    assert said(store, "HN", "ht").startswith("Huracán")  # no words in Kreyòl: the Spanish
    assert "Huracán" not in said(store, "GT")
    assert Publication.objects.first().kind == "banner"


def test_nothing_stands_in_the_way_of_help(store):
    put_up(country="")
    assert "Huracán" in said(store, "GT")
    assert "Huracán" not in said(store, "GT", name="crisis_general")


def test_it_is_taken_down_in_one_step(store):
    _page, officer = put_up()
    officer.post("/banners/", {"take-down": Banner.objects.get().pk})
    assert "Huracán" not in said(store, "HN")


def test_it_ends_by_itself_and_without_the_console(store):
    put_up()
    Banner.objects.update(until=datetime.now(timezone.utc) - timedelta(minutes=1))
    assert tick()
    assert "Huracán" not in said(store, "HN")
    banner = publishing.Banner("HN", date(2026, 1, 1), {"es": "Viejo"})
    release = releases.build(replace(publishing.candidate(), banners=(banner,)), 9)
    person = Person("es", "HN", "HN")
    assert "Viejo" in compose(release, "tps", person, date(2026, 1, 1)).text
    assert "Viejo" not in compose(release, "tps", person, date(2026, 1, 2)).text


def test_no_answer_is_too_long_for_a_banner():
    banner = publishing.Banner("", date(2099, 1, 1), {"es": "x" * 160})
    content = replace(publishing.candidate(), banners=(banner,))
    assert checks.problems(content)  # with it some answers take more than they may
    assert publishing.problems(content) == []


def test_it_brings_nothing_else_along(store):
    marta, _client = signed_in("marta", "reviewer")
    publishing.publish(marta)
    row = Answer.objects.get(name="tps")
    row.title = "Aprobado, pero no publicado"
    row.save_revision().publish()
    put_up()
    live = LiveRelease(releases.build(publishing.candidate(), 0), store)
    live.refresh()
    assert live.current.content.banners
    assert live.current.answer("tps", "es")[0].title != "Aprobado, pero no publicado"


def test_the_spanish_words_are_needed_and_short():
    assert not Banner.objects.exists()
    put_up(text_es="")
    put_up(text_es="x" * 161)
    assert not Banner.objects.exists()


def test_a_problem_that_was_live_before_holds_no_banner_up(store):
    """As in a release of an earlier Faro, whose checks let more pass."""
    marta, _client = signed_in("marta", "reviewer")
    row = Answer.objects.get(name="tps")
    row.title = "Más largo que un botón"
    row.save_revision().publish()
    publish(store, releases.build(publishing.candidate(), 1), archive_folder())
    page, _officer = put_up()
    assert Banner.objects.count() == 1, page.content.decode()[-500:]
    with pytest.raises(publishing.NotPublished, match="fit a button"):
        publishing.publish(marta)


def test_a_banner_that_cannot_be_published_is_not_up(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    put_up()
    assert not Banner.objects.exists()
