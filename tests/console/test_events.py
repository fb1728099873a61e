"""Events are stored once, whatever is killed; reports hide who could be counted out."""

import io
import json
import time
from datetime import date, timedelta

import openpyxl
import pytest
from django.utils import timezone

from bot.runtime import keys
from bot.runtime.sealing import derived_key
from console.insight import ingest as reader
from console.insight.models import Cursor, Happening, Unanswered
from console.insight.reports import hide, reports
from console.insight.sealed import opened, seal
from console.insight.tasks import todo
from console.insight.unanswered import expire, waiting
from tests.console.people import person, signed_in

pytestmark = pytest.mark.usefixtures("db")


def add(store, type_="answered", **details):
    fields = {"type": type_, "at": f"{time.time():.3f}", "details": json.dumps(details)}
    return store.xadd(keys.EVENTS, fields)


def test_each_event_is_stored_once(store):
    for number in range(12):
        add(store, label="tps", channel="sms", language="es", country="HN", release=number)
    assert reader.ingest(store) == 12
    assert reader.ingest(store) == 0
    add(store, "feedback", label="tps", helpful=True)
    assert reader.ingest(store) == 1
    assert Happening.objects.count() == 13


def test_killed_between_rows_and_cursor_nothing_is_lost_or_doubled(store, monkeypatch):
    for _ in range(5):
        add(store, label="tps")
    saved = Cursor.save

    def killed(self, *args, **kwargs):
        if self.last != "0-0":
            raise KeyboardInterrupt
        saved(self, *args, **kwargs)

    monkeypatch.setattr(Cursor, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        reader.ingest(store)
    assert Happening.objects.count() == 0
    monkeypatch.undo()
    assert reader.ingest(store) == 5


def test_many_events_are_read_in_batches(store, monkeypatch):
    monkeypatch.setattr(reader, "BATCH", 4)
    for _ in range(11):
        add(store, label="tps")
    assert reader.ingest(store) == 11
    assert Happening.objects.count() == 11


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "x"},
        {"type": "x", "at": "soon", "details": "{}"},
        {"type": "x", "at": "1", "details": "[]"},
    ],
)
def test_what_is_no_event_is_passed_over(store, fields):
    store.xadd(keys.EVENTS, fields)
    add(store, label="tps")
    assert reader.ingest(store) == 1


def test_an_event_nobody_knows_is_kept(store):
    add(store, "invented_tomorrow", whatever=1)
    assert reader.ingest(store) == 1
    assert Happening.objects.get().details == {"whatever": 1}


def test_the_texts_key_cannot_open_addresses():
    from base64 import urlsafe_b64encode

    vault = urlsafe_b64encode(b"k" * 32).decode()
    assert derived_key(vault) != vault
    assert opened("m1", seal("m1", "hola")) == "hola"
    assert opened("m2", seal("m1", "hola")) is None
    assert opened("m1", "") is None


QUESTIONS = [
    "cuanto cuesta el pase del bus en mexico",
    "el pase de bus en mexico cuanto cuesta",
    "cuanto vale el pase de bus en mexico",
    "puedo llevar mi perro en el avion",
]


def missed(store, texts=QUESTIONS, **more):
    for number, text in enumerate(texts):
        message = f"q{number}"
        add(
            store, "not_understood", message=message, channel="sms", language="es", country="HN",
            top=[["tps", 0.3], ["asylum_us", 0.2]], sealed=seal(message, text),
            expires=time.time() + more.get("lasts", 3600),
        )  # fmt: skip
    reader.ingest(store)


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


def happened(count, day=None, **fields):
    day = day or timezone.now().date()
    start = Happening.objects.count()
    Happening.objects.bulk_create(
        Happening(entry=f"{start}-{n}", type=fields.get("type", "answered"), at=timezone.now(), day=day,
                  **{k: v for k, v in fields.items() if k != "type"})
        for n in range(count)
    )  # fmt: skip


def test_small_counts_are_hidden_and_cannot_be_worked_out():
    assert hide([40, 12, 3]) == [40, None, None]
    happened(40, language="es")
    happened(12, language="en")
    happened(3, language="ht")
    today = timezone.now().date()
    found = {report.key: report for report in reports(today, today)}
    assert dict(found["languages"].rows) == {"es": (40,), "en": (None,), "ht": (None,)}
    _rosa, writer = signed_in("rosa", "writer")
    page = writer.get("/summary/").content.decode()
    assert "&lt;10" in page
    assert "<svg" in page


def test_reports_come_as_files_without_small_counts():
    happened(25, label="tps", channel="sms", country="HN", language="es")
    happened(4, label="asylum_us", channel="telegram", country="GT", language="en")
    _rosa, writer = signed_in("rosa", "writer")
    text = writer.get("/summary/file.csv").content.decode("utf-8-sig")
    assert "TPS" in text
    assert ",4" not in text
    book = openpyxl.load_workbook(io.BytesIO(writer.get("/summary/file.xlsx").content))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 25 not in cells  # alone beside a hidden one it would give that away
    assert "<10" in cells
    assert 4 not in cells


def test_a_long_span_and_a_wrong_date_do_no_harm():
    _rosa, writer = signed_in("rosa", "writer")
    assert writer.get("/summary/?since=1990-01-01&until=2026-01-01").status_code == 200
    assert writer.get("/summary/?since=gestern").status_code == 200
    assert writer.get("/summary/file.exe").status_code == 404


@pytest.mark.parametrize("label", ["=1+1", "+cmd", "@x", "-1"])
def test_no_spreadsheet_takes_a_label_for_a_formula(label):
    from console.insight.views import safe

    assert safe(label)[0] == "'"


def test_tasks_are_found_for_who_can_do_them(store):
    from console.content.models import Fact

    Fact.objects.filter(key="us.asylum.i589_fee").update(withdraw_after=date(2026, 1, 1))
    happened(12, type="feedback", label="tps", helpful=False)
    missed(store)
    store.xadd(keys.DEAD_LETTERS, {"what": "message", "reason": "TimeoutError", "entry": "SM1"})
    mine = {task.key for task in todo(person("rosa", "writer"))}
    assert {"withdrawn:us.asylum.i589_fee", "rated:tps", "unanswered"} <= mine
    assert "dead" not in mine
    assert "dead" in {task.key for task in todo(person("boss", "administrator"))}
    assert {task.key.split(":")[0] for task in todo(person("tina", "translator"))} <= {
        "translation"
    }


def source_changed(store, detail="cuesta [-$100-] {+$560+}", **more):
    """What the watcher tells when a page says something else."""
    add(
        store, "fact.changed", fact="us.asylum.i589_fee", url="https://example.org/fees",
        result="changed", detail=detail, owner="legal-us", **{"value_there": True, **more},
    )  # fmt: skip
    reader.ingest(store)


def test_what_changed_at_its_source_is_a_task_until_the_fact_is_approved_again(store):
    from console.content.models import Fact

    rosa, writer = signed_in("rosa", "writer")
    source_changed(store, value_there=False)
    task = next(t for t in todo(rosa) if t.key == "source:us.asylum.i589_fee")
    assert task.urgent
    assert "legal-us" in task.text
    writer.post("/tasks/take/", {"key": task.key})
    assert next(t for t in todo(person("maria", "writer")) if t.key == task.key).owner == rosa
    page = writer.get(task.url).content.decode()
    assert "cuesta <del>$100</del> <ins>$560</ins>" in page
    row = Fact.objects.get(key="us.asylum.i589_fee")
    row.checked_on = timezone.now().date()
    row.save_revision(user=rosa)
    assert task.key in {t.key for t in todo(rosa)}  # a draft is not an approval
    row.get_latest_revision().publish()
    assert task.key not in {t.key for t in todo(rosa)}
    assert "Algo cambió en la fuente" not in writer.get(task.url).content.decode()
    source_changed(store)
    again = next(t for t in todo(rosa) if t.key == task.key)
    assert not again.urgent


def test_words_from_a_source_are_text(store):
    _rosa, writer = signed_in("rosa", "writer")
    source_changed(store, "[-<script>alert(1)</script>-]")
    url = next(t.url for t in todo(_rosa) if t.key.startswith("source:"))
    page = writer.get(url).content.decode()
    assert "<del>&lt;script&gt;alert(1)&lt;/script&gt;</del>" in page


def test_a_task_is_taken_and_given_back():
    _rosa, writer = signed_in("rosa", "writer")
    key = todo(_rosa)[0].key
    writer.post("/tasks/take/", {"key": key})
    assert next(t for t in todo(person("maria", "writer")) if t.key == key).owner == _rosa
    writer.post("/tasks/take/", {"key": key})
    assert next(t for t in todo(_rosa) if t.key == key).owner is None


def test_dead_letters_show_kinds_and_reasons_only(store):
    store.xadd(keys.DEAD_LETTERS, {"what": "message", "reason": "TimeoutError", "entry": "SM123"})
    _boss, client = signed_in("boss", "administrator")
    page = client.get("/dead-letters/").content.decode()
    assert "TimeoutError" in page
    assert "SM123" not in page


def test_days_without_events_are_there():
    today = timezone.now().date()
    happened(20, day=today)
    days = next(r for r in reports(today - timedelta(days=6), today) if r.key == "days")
    assert len(days.rows) == 7
    assert days.rows[-1][1][0] == 20
