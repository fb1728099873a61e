"""What waits for somebody: found for who can do it, taken, given back, gone when it is done."""

from datetime import date

import pytest
from django.utils import timezone

from bot.runtime import keys
from console.insight import ingest as reader
from console.insight.tasks import todo
from tests.console.events import add, happened, missed
from tests.console.people import person, signed_in

pytestmark = pytest.mark.usefixtures("db")


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
