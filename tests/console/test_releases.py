"""What is approved is published, alone in an emergency, and gone back from; history only grows."""

import pytest

from bot.content.live import LiveRelease
from bot.content.model import CHANNELS
from console.content import assemble
from console.content.models import Answer, Translation
from console.releases.models import EmergencyReport, Publication, Release
from tests.console.people import signed_in
from tests.console.steps import published, title_of

pytestmark = pytest.mark.usefixtures("few", "store")


def test_going_back_is_one_step_and_history_only_grows(store):
    _marta, reviewer = signed_in("marta", "reviewer")
    first, second = published(_marta, "Uno"), published(_marta, "Dos")
    assert (first.number, second.number) == (1, 2)
    page = reviewer.get(f"/releases/{first.number}/back/")
    assert "Dos → Uno" in page.content.decode()
    reviewer.post(f"/releases/{first.number}/back/", {"reason": "mal"})
    live = LiveRelease(second.load(), store)
    live.refresh()
    assert live.current.answer("tps", "es")[0].title == "Uno"
    assert [p.kind for p in Publication.objects.all()] == ["rollback", "release", "release"]
    assert published(_marta, "Tres").number == 3


def test_an_emergency_is_published_alone_marked_and_told(store):
    user, officer = signed_in("pablo", "protection")
    row = Answer.objects.get(name="tps")
    row.title = "Urgente"
    row.save_revision(user=user)
    url = f"/emergency/answer/{row.pk}/"
    officer.post(url, {"reason": "x"})
    assert not EmergencyReport.objects.exists()
    officer.post(url, {"reason": "El número cambió y la gente llama en vano."})
    assert title_of() == "Urgente"
    assert Publication.objects.first().kind == "emergency"
    _rosa, writer = signed_in("rosa", "writer")
    assert "pablo" in writer.get("/").content.decode()
    report = EmergencyReport.objects.get()
    assert officer.post(f"/emergency/{report.pk}/seen/").status_code in (302, 403)
    report.refresh_from_db()
    assert report.seen_by is None
    _marta, reviewer = signed_in("marta", "reviewer")
    reviewer.post(f"/emergency/{report.pk}/seen/")
    report.refresh_from_db()
    assert report.seen_by.username == "marta"


def test_nothing_is_approved_when_an_emergency_cannot_be_published():
    user, officer = signed_in("pablo", "protection")
    row, before = Answer.objects.get(name="tps"), title_of()
    row.title = "Urgente, y más largo que un botón"
    row.save_revision(user=user)
    page = officer.post(f"/emergency/answer/{row.pk}/", {"reason": "No puede esperar más."})
    assert "en un botón caben" in page.content.decode()
    assert title_of() == before
    assert not EmergencyReport.objects.exists()


def test_what_cannot_reach_the_store_changes_nothing(store, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    _marta, reviewer = signed_in("marta", "reviewer")
    reviewer.post("/releases/publish/")
    assert not Release.objects.exists()


def test_the_difference_shows_only_what_people_notice():
    from datetime import date

    from console.releases.difference import difference

    before = assemble.build()
    row = Answer.objects.get(name="tps")
    row.sms = row.sms + "\nOtra línea."
    row.save()
    found = difference(before, assemble.build(), date(2026, 11, 25))
    assert {change.name for change in found.changes} == {"tps"}
    where = {place for change in found.changes for place in change.where}
    assert {channel for language, _c, channel in where if language == "es"} == {"sms"}
    # The English one was made from other words: until it is redone, English gets the Spanish.
    assert {channel for language, _c, channel in where if language == "en"} == set(CHANNELS)


@pytest.mark.parametrize(("change", "said"), [("wording", True), ("meaning", False)])
def test_a_new_spanish_marks_or_withholds_its_translations(change, said):
    row = Answer.objects.get(name="tps")
    assert "tps" in assemble.build().answers["en"]
    row.title, row.change = "TPS nuevo", change
    row.save_revision().publish()
    assert ("tps" in assemble.build().answers["en"]) is said
    entry = Translation.objects.get(key="en:tps").texts["title"]
    assert entry["stale"] == change
