"""One edit by two people: written, sent, compared, locked, approved by another."""

import pytest

from bot.content import release as releases
from bot.content.live import LiveRelease
from bot.runtime import keys
from console.content.models import Answer
from console.releases import publishing
from console.releases.models import Publication
from tests.console.forms import edit_url, fields, page_of, post
from tests.console.people import signed_in
from tests.console.steps import approve, submitted, title_of

pytestmark = pytest.mark.usefixtures("db", "store")


def test_a_draft_changes_nothing_for_people():
    _rosa, writer = signed_in("rosa", "writer")
    row, before = Answer.objects.get(name="tps"), title_of()
    assert post(writer, row, {"title": "TPS nuevo"}).status_code == 302
    assert title_of() == before
    assert row.__class__.objects.get(pk=row.pk).get_latest_revision_as_object().title == "TPS nuevo"


def test_saving_without_a_change_keeps_every_word():
    _rosa, writer = signed_in("rosa", "writer")
    for name in ("tps", "hotlines", "asylum_us"):
        row = Answer.objects.get(name=name)
        post(writer, row, {})
        again = Answer.objects.get(name=name).get_latest_revision_as_object()
        assert again.to_data() == row.to_data()


def test_another_person_approves_and_then_it_is_published(few, store):
    row, _writer = submitted()
    _marta, reviewer = signed_in("marta", "reviewer")
    approve(reviewer, row)
    assert title_of() == "TPS nuevo"
    assert store.get(keys.LIVE_RELEASE) is None  # approved is not yet live
    assert reviewer.post("/releases/publish/", {"reason": "TPS"}).status_code == 302
    live = LiveRelease(releases.build(publishing.candidate(), 0), store)
    assert live.refresh()
    assert live.current.answer("tps", "es")[0].title == "TPS nuevo"
    assert Publication.objects.first().by.username == "marta"


def test_the_author_cannot_approve_even_as_a_reviewer():
    _marta, reviewer = signed_in("marta", "reviewer")
    row, before = Answer.objects.get(name="tps"), title_of()
    post(reviewer, row, {"title": "Solo mío"}, "action-submit")
    row.refresh_from_db()
    approve(reviewer, row)
    assert title_of() == before
    row.refresh_from_db()
    assert row.workflow_in_progress


def test_who_mended_a_comma_on_the_way_cannot_approve_either():
    row, _writer = submitted()
    _marta, reviewer = signed_in("marta", "reviewer")
    post(reviewer, row, {"title": "TPS nuevo."})
    approve(reviewer, row)
    assert title_of() != "TPS nuevo."
    _julia, other = signed_in("julia", "reviewer")
    approve(other, row)
    assert title_of() == "TPS nuevo."


def test_nobody_publishes_past_the_review():
    for role in ("writer", "reviewer", "protection", "administrator"):
        _user, client = signed_in(f"u-{role}", role)
        row, before = Answer.objects.get(name="tps"), title_of()
        page = client.get(edit_url(row))
        if page.status_code == 200:
            client.post(edit_url(row), {**fields(page), "title": "X", "action-publish": "1"})
        assert title_of() == before, role


def test_two_revisions_are_compared_word_by_word():
    row, _writer = submitted({"title": "TPS nuevo", "sms": "Otras palabras."})
    _marta, reviewer = signed_in("marta", "reviewer")
    history = reviewer.get(page_of(row, "history")).content.decode()
    assert "/revisions/compare/" in history
    page = reviewer.get(page_of(row, "revisions_compare", "earliest", "latest")).content.decode()
    assert "<del>" in page or 'class="deletion"' in page
    for words in ("nuevo", "Otras palabras."):
        assert words in page


def test_what_one_person_has_locked_nobody_else_changes():
    row = Answer.objects.get(name="tps")
    _rosa, writer = signed_in("rosa", "writer")
    writer.post(page_of(row, "lock"))
    row.refresh_from_db()
    assert row.locked_by == _rosa
    _ana, other = signed_in("ana", "writer")
    other.post(edit_url(row), {"title": "De Ana"})
    row.refresh_from_db()
    assert row.latest_revision is None
    post(writer, row, {"title": "De Rosa"})
    row.refresh_from_db()
    assert row.get_latest_revision_as_object().title == "De Rosa"
    writer.post(page_of(row, "unlock"))
    row.refresh_from_db()
    assert not row.locked
    post(other, row, {"title": "De Ana"})
    row.refresh_from_db()
    assert row.get_latest_revision_as_object().title == "De Ana"


def test_what_is_being_reviewed_its_writer_cannot_change():
    row, writer = submitted()
    writer.post(edit_url(row), {"title": "Cambiado al vuelo"})
    assert row.get_latest_revision_as_object().title == "TPS nuevo"
