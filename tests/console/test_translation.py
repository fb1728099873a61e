"""Side by side, PO files to translators and back, and what a changed Spanish does."""

import io

import pytest
from babel.messages.pofile import read_po, write_po
from django.core.files.uploadedfile import SimpleUploadedFile

from console.content import assemble
from console.content.models import Answer, Translation
from console.content.translations import CURRENT, MEANING, MISSING, UNREAD, WORDING, status
from console.translation import exchange
from console.translation.coverage import coverage
from tests.console.forms import edit_url, post
from tests.console.people import person, signed_in
from tests.console.steps import approve

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (None, MISSING),
        ({"source": "Hola", "text": ""}, MISSING),
        ({"source": "Hola", "text": "Hi"}, CURRENT),
        ({"source": "Hola", "text": "Hi", "unread": True}, UNREAD),
        ({"source": "Hola", "text": "Hi", "stale": "wording"}, WORDING),
        ({"source": "Hola", "text": "Hi", "stale": "meaning"}, MEANING),
        ({"source": "Buenas", "text": "Hi"}, MEANING),
    ],
)
def test_what_a_translation_is_worth(entry, expected):
    assert status(entry, "Hola") == expected


def row(language="en", name="tps"):
    return Translation.objects.get(language=language, name=name)


def edited(change, **fields):
    answer = Answer.objects.get(name="tps")
    for name, value in {"change": change, **fields}.items():
        setattr(answer, name, value)
    answer.save_revision().publish()
    return answer


def test_a_translator_redoes_what_was_held_back_and_another_approves():
    edited("meaning", title="TPS hoy")
    assert "tps" not in assemble.build().answers["en"]
    _tina, translator = signed_in("tina", "translator")
    page = translator.get(edit_url(row())).content.decode()
    assert "TPS hoy" in page
    post(translator, row(), {"texts:title": "TPS today"}, "action-submit")
    assert "tps" not in assemble.build().answers["en"]
    _marta, reviewer = signed_in("marta", "reviewer")
    approve(reviewer, row())
    assert assemble.build().answers["en"]["tps"].title == "TPS today"


def test_what_only_changed_in_wording_is_confirmed_with_one_tick():
    edited("wording", title="El TPS")
    assert status(row().texts["title"], "El TPS") == WORDING
    _marta, reviewer = signed_in("marta", "reviewer")
    post(reviewer, row(), {"texts:title:checked": "1"}, "action-submit")
    entry = row().get_latest_revision_as_object().texts["title"]
    assert status(entry, "El TPS") == CURRENT


def test_other_facts_are_never_only_the_wording():
    edited("wording", sms="Otro texto sin datos.")
    assert row().texts["sms"]["stale"] == "meaning"


def test_a_later_change_of_wording_does_not_free_what_was_held_back():
    edited("meaning", title="TPS hoy")
    edited("wording", title="El TPS hoy")
    assert row().texts["title"]["stale"] == "meaning"


def catalog(content):
    return read_po(io.BytesIO(content))


def dumped(made):
    stream = io.BytesIO()
    write_po(stream, made)
    return stream.getvalue()


def test_a_po_file_goes_out_and_comes_back():
    made = catalog(exchange.download("en"))
    message = next(m for m in made if m.context == "utter_faq/tps:title")
    message.string = "TPS, translated elsewhere"
    _tina, translator = signed_in("tina", "translator")
    file = SimpleUploadedFile("faro-en.po", dumped(made))
    answer = translator.post("/translations/en/po/upload/", {"file": file}, follow=True)
    assert "Se tomó 1 texto" in answer.content.decode()
    assert row().workflow_in_progress
    assert assemble.build().answers["en"]["tps"].title != "TPS, translated elsewhere"
    _marta, reviewer = signed_in("marta", "reviewer")
    approve(reviewer, row())
    assert assemble.build().answers["en"]["tps"].title == "TPS, translated elsewhere"


def test_only_what_is_open_goes_out_when_asked():
    assert [m for m in catalog(exchange.download("en", only_open=True)) if m.id] == []
    edited("meaning", title="TPS hoy")
    found = [m for m in catalog(exchange.download("en", only_open=True)) if m.id]
    assert [(m.context, m.fuzzy) for m in found] == [("utter_faq/tps:title", True)]


def test_a_file_for_another_language_is_refused():
    with pytest.raises(ValueError, match="«en»"):
        exchange.upload("pt", exchange.download("en"), person("tina", "translator"))


def test_what_does_not_fit_is_said_and_left_out():
    made = catalog(exchange.download("en"))
    by = {message.context: message for message in made if message.id}
    by["utter_faq/tps:title"].context = "utter_faq/no_such_answer:title"
    by["utter_faq/tps:text"].string = "Without its facts."
    content = dumped(made)
    edited("meaning", sms="Otro texto. {^us.tps.not_for_new_arrivals}")
    taken = exchange.upload("en", content, person("tina", "translator"))
    assert taken.texts == 0
    assert len(taken.warnings) == 3


def test_the_board_counts_what_people_get():
    before = {line.language: line for line in coverage()}
    edited("meaning", title="TPS hoy")
    after = {line.language: line for line in coverage()}
    assert after["en"].counts[MEANING] == before["en"].counts[MEANING] + 1
    assert after["en"].answers["tps"] == MEANING
    _tina, translator = signed_in("tina", "translator")
    assert "retenida" in translator.get("/translations/").content.decode()


def test_a_reader_is_noted_where_a_machine_drafted():
    found = row()
    found.texts["title"] = {**found.texts["title"], "unread": True}
    found.save()
    assert not assemble.build().answers["en"]["tps"].reviewed
    _marta, reviewer = signed_in("marta", "reviewer")
    post(reviewer, row(), {"texts:title:checked": "1"})
    entry = row().get_latest_revision_as_object().texts["title"]
    assert entry["reviewed"].startswith("marta, ")
    assert "unread" not in entry


def test_a_translation_is_begun_where_there_was_none():
    Translation.objects.filter(language="en", name="tps").delete()
    _tina, translator = signed_in("tina", "translator")
    answer = translator.get("/translations/en/tps/")
    assert answer.headers["Location"] == edit_url(row())
    assert translator.get(edit_url(row())).status_code == 200
