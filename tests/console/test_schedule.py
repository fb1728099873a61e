"""What goes live and expires by the clock, and what the clock leaves to a person."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from console.content import assemble
from console.content.models import Answer
from console.releases import publishing
from console.releases.models import Publication
from console.releases.schedule import tick
from tests.console.people import signed_in
from tests.console.steps import approve, published, submitted, title_of

pytestmark = pytest.mark.usefixtures("few", "store")


def due(title):
    """Approve an answer with a date, and let that date come."""
    row = Answer.objects.get(name="tps")
    row.title, row.go_live_at = title, timezone.now() + timedelta(seconds=1)
    row.save_revision()
    row.get_latest_revision().publish(skip_permission_checks=True)
    assert title_of() != title
    time.sleep(1.1)


def test_scheduled_content_goes_live_by_itself():
    marta, _client = signed_in("marta", "reviewer")
    publishing.publish(marta)
    due("Mañana")
    assert tick()
    assert title_of() == "Mañana"
    assert Publication.objects.first().kind == "schedule"
    assert not tick()


def test_expired_content_is_taken_out_by_itself():
    marta, _client = signed_in("marta", "reviewer")
    publishing.publish(marta)
    Answer.objects.filter(name="tps").update(expire_at=timezone.now() - timedelta(minutes=1))
    assert tick()
    assert "tps" not in assemble.build().answers["es"]


def test_the_clock_publishes_nothing_that_waits_for_a_person():
    marta, _client = signed_in("marta", "reviewer")
    first = publishing.publish(marta)
    other = Answer.objects.get(name="asylum_us")
    other.title = "Aprobado, sin publicar"
    other.save_revision().publish()
    assert not tick()  # an approval alone is no reason
    due("Mañana")
    assert not tick()
    assert publishing.live_release() == first


def test_the_clock_brings_nothing_back_that_was_gone_back_from():
    marta, _client = signed_in("marta", "reviewer")
    first = publishing.publish(marta)
    published(marta, "Malo")
    publishing.roll_back(first.number, marta)
    due("Mañana")
    assert not tick()
    assert publishing.live_release() == first


def test_a_writer_sets_the_days_and_a_reviewer_approves_them():
    """Go-live and expiry as the form has them, approved by a second person, done by the clock."""
    marta, reviewer = signed_in("marta", "reviewer")
    publishing.publish(marta)
    soon, later = (timezone.localtime() + timedelta(days=days) for days in (1, 9))
    dates = {"go_live_at": f"{soon:%Y-%m-%d %H:%M}", "expire_at": f"{later:%Y-%m-%d %H:%M}"}
    row, _writer = submitted({"title": "Mañana", **dates})
    approve(reviewer, row)
    row.refresh_from_db()
    assert title_of() != "Mañana"
    assert not tick()
    waiting, past = row.get_latest_revision(), timezone.now() - timedelta(minutes=1)
    waiting.approved_go_live_at, waiting.content["go_live_at"] = past, past.isoformat()
    waiting.save()
    assert tick()
    assert title_of() == "Mañana"
    row.refresh_from_db()
    assert row.expire_at is not None
    Answer.objects.filter(pk=row.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    assert tick()
    assert "tps" not in assemble.build().answers["es"]
