"""Questions nobody understood: read by who may, labelled, and forgotten in time."""

import pytest

from bot.runtime.sealing import derived_key
from console.insight import ingest as reader
from console.insight.models import Happening, Unanswered
from console.insight.sealed import opened, seal
from console.insight.unanswered import expire, waiting
from tests.console.events import QUESTIONS, add, missed
from tests.console.people import signed_in

pytestmark = pytest.mark.usefixtures("db")


def test_the_texts_key_cannot_open_addresses():
    from base64 import urlsafe_b64encode

    vault = urlsafe_b64encode(b"k" * 32).decode()
    assert derived_key(vault) != vault
    assert opened("m1", seal("m1", "hola")) == "hola"
    assert opened("m2", seal("m1", "hola")) is None
    assert opened("m1", "") is None


def test_questions_that_ask_alike_come_together(store):
    missed(store)
    assert sorted(len(group.members) for group in waiting()) == [1, 3]
    assert waiting()[0].nearest[0][0] == "tps"
    # The event log itself holds no text, sealed or not.
    assert all("sealed" not in row.details for row in Happening.objects.all())


def test_what_people_chose_afterwards_is_offered_as_the_label(store):
    missed(store)
    add(store, "chosen", message="q0", label="work_visa_h2", channel="sms")
    add(store, "chosen", message="nobody's", label="tps", channel="sms")
    reader.ingest(store)
    assert [name for name, _title in waiting()[0].chosen] == ["work_visa_h2"]
    assert waiting()[1].chosen == ()
    _marta, reviewer = signed_in("marta", "reviewer")
    page = reviewer.get(f"/unanswered/{waiting()[0].key}/").content.decode()
    assert page.index('value="work_visa_h2"') < page.index('value="tps"')


def test_the_words_are_shown_to_who_may_and_that_is_noted(store):
    from console.staff.models import Audit

    missed(store)
    _rosa, writer = signed_in("rosa", "writer")
    page = writer.get("/unanswered/").content.decode()
    assert "pase" not in page
    key = waiting()[0].key
    assert writer.get(f"/unanswered/{key}/").status_code == 302
    _marta, reviewer = signed_in("marta", "reviewer")
    assert "cuanto cuesta el pase" in reviewer.get(f"/unanswered/{key}/").content.decode()
    assert Audit.objects.filter(action="reveal", user=_marta).count() == 1


def test_a_label_makes_training_phrases_and_forgets_the_words(store):
    from console.content.models import TrainingPhrase

    missed(store)
    _marta, reviewer = signed_in("marta", "reviewer")
    group = waiting()[0]
    data = {"label": "consulate_contact"}
    for row in group.members:
        data |= {
            f"use-{row.pk}": "1",
            f"text-{row.pk}": f"pase {row.pk}",
            f"language-{row.pk}": "es",
        }
    data.pop(f"use-{group.members[0].pk}")
    reviewer.post(f"/unanswered/{group.key}/", data)
    learnt = TrainingPhrase.objects.filter(from_inbox=True)
    assert learnt.count() == 2
    assert {row.file for row in learnt} == {"data/nlu/es/papers.yml"}
    assert {(row.added_by, row.live) for row in learnt} == {(_marta, False)}
    assert not Unanswered.objects.filter(pk__in=[m.pk for m in group.members]).exclude(sealed="")
    assert len(waiting()) == 1


def test_words_are_forgotten_when_their_time_is_over(store):
    missed(store, lasts=-1)
    assert waiting() == []
    assert expire() == len(QUESTIONS)
    assert not Unanswered.objects.exclude(sealed="").exists()


def test_a_new_question_begins_with_a_draft_of_its_answer():
    from console.content.models import Answer

    _rosa, writer = signed_in("rosa", "writer")
    assert writer.get("/unanswered/new/").status_code == 200
    answer = writer.post(
        "/unanswered/new/", {"title": "Pase de bus", "name": "bus_pass", "theme": "papers"}
    )
    row = Answer.objects.get(name="bus_pass")
    assert answer.headers["Location"].endswith(f"/edit/{row.pk}/")
    assert not row.live
    assert writer.get(answer.headers["Location"]).status_code == 200
