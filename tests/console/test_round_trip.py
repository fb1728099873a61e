"""What is imported from the files comes back as the same files; a change touches its entry only."""

import difflib
import shutil

import pytest

from bot.content import release as releases
from bot.content.codec import plain
from bot.content.files import read_content
from console.content import assemble, entries, exporting
from console.content.importing import import_files
from console.content.models import (
    Answer,
    CommandWords,
    Contact,
    Fact,
    Phrase,
    TrainingPhrase,
    Translation,
)

pytestmark = pytest.mark.usefixtures("db")


def changed_lines(path, before, after):
    return [
        line
        for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]


def exported():
    return {path: content.decode() for path, content in exporting.files().items()}


def test_every_file_comes_back_byte_for_byte(filled, tree):
    assert filled.created > 1000
    files = exporting.files()
    on_disk = {path.relative_to(tree).as_posix(): path for path in entries.paths(tree)}
    assert set(files) == set(on_disk)
    assert [path for path, content in files.items() if on_disk[path].read_bytes() != content] == []


def test_the_database_holds_the_same_content_as_the_files(tree):
    mine, theirs = plain(assemble.build()), plain(read_content(tree))
    for part in theirs:
        assert mine[part] == theirs[part], part
    assert releases.build(assemble.build(), 1).hash == releases.build(read_content(tree), 1).hash


@pytest.mark.parametrize(
    ("model", "key", "field", "value", "path", "lines"),
    [
        (Fact, "us.asylum.i589_fee", "value", "105", "data/facts/us.yml", 2),
        (Fact, "us.asylum.i589_fee", "source_short", "USCIS", "data/facts/us.yml", 2),
        (Contact, "hn.contact.children_110", "value", "111", "data/contacts/hn.yml", 2),
        (Contact, "hn.contact.children_110", "free", True, "data/contacts/hn.yml", 2),
        (Answer, "asylum_us", "title", "Asilo allá", "data/answers/protection/asylum_us.yml", 2),
        (Answer, "asylum_us", "next", ["tps"], "data/answers/protection/asylum_us.yml", 2),
        (Phrase, "none_of_these", "text", "Nada de esto", "data/phrases.yml", 2),
        (CommandWords, "es:start", "words", "alta", "data/stopwords/es.yml", 4),
    ],
)  # fmt: skip
def test_a_change_touches_its_own_entry_only(model, key, field, value, path, lines):
    before = exported()
    row = model.objects.get(**{"name" if model is Answer else "key": key})
    setattr(row, field, value)
    row.save()
    after = exported()
    assert {name for name in after if after[name] != before[name]} == {path}
    assert len(changed_lines(path, before[path], after[path])) == lines


def test_an_answer_of_one_country_is_written_in_place():
    before = exported()
    row = Answer.objects.get(name="hotlines")
    row.countries["HN"]["sms"] = "Emergencia {hn.contact.emergency_911}"
    row.save()
    path = row.file
    lines = changed_lines(path, before[path], exported()[path])
    assert len(lines) == 6
    assert all(line.startswith("-      ") for line in lines)
    assert assemble.build().answers["es"]["hotlines"].countries["HN"].sms.startswith("Emergencia")


def test_new_entries_go_to_the_file_of_their_kind():
    fact = Fact.objects.get(key="us.asylum.i589_fee")
    fact.pk, fact.key, fact.file = None, "hn.test.fee", ""
    fact.save()
    TrainingPhrase(language="es", label="tps", text="que onda con el tps", live=True).save()
    before, after = SourceFiles(), exported()
    assert "hn.test.fee" in after["data/facts/hn.yml"]
    added = changed_lines(
        "", before["data/nlu/es/protection.yml"], after["data/nlu/es/protection.yml"]
    )
    assert added == ["+    - que onda con el tps"]


def test_a_new_answer_becomes_a_file():
    Answer(
        name="bus_pass", theme="papers", title="Pase de bus", text="Hola.\nAdiós.", next=["tps"],
        live=True,
    ).save()  # fmt: skip
    text = exported()["data/answers/papers/bus_pass.yml"]
    assert text == (
        "answer: bus_pass\ntitle: Pase de bus\ntext: |\n  Hola.\n  Adiós.\nnext: [tps]\n"
    )


def test_an_entry_taken_out_leaves_the_others():
    before = exported()["data/facts/us.yml"]
    Fact.objects.get(key="us.asylum.grounds").delete()
    after = exported()["data/facts/us.yml"]
    assert "us.asylum.grounds" not in after
    assert all(line.startswith("-") for line in changed_lines("", before, after))


def test_a_translation_changes_one_message_of_its_catalogue():
    before = exported()
    row = Translation.objects.get(key="en:tps")
    row.texts["title"]["text"] = "TPS now"
    row.save()
    path = row.file
    lines = changed_lines(path, before[path], exported()[path])
    assert [line for line in lines if "TPS now" in line] == ['+msgstr "TPS now"']
    assert len(lines) == 2


def SourceFiles():
    from console.content.models import SourceFile

    return {file.path: file.text for file in SourceFile.objects.all()}


@pytest.fixture
def newer(tree, tmp_path):
    """Another copy of the files, to change as a developer's commit would."""
    return shutil.copytree(tree, tmp_path / "newer")


def edit(newer, path, old, new):
    text = (newer / path).read_text()
    assert old in text
    (newer / path).write_text(text.replace(old, new, 1))


def test_a_second_import_takes_what_nobody_changed_here(newer):
    edit(newer, "data/phrases.yml", "Ninguno de estos", "Nada de esto")
    report = import_files(newer)
    assert (report.files, report.updated, report.conflicts) == (1, 1, [])
    assert Phrase.objects.get(key="none_of_these").text == "Nada de esto"


def test_what_both_sides_changed_stays_as_the_console_has_it(newer):
    edit(newer, "data/phrases.yml", "Ninguno de estos", "Nada de esto")
    Phrase.objects.filter(key="none_of_these").update(text="Otro")
    report = import_files(newer)
    assert report.conflicts == ["data/phrases.yml: none_of_these"]
    assert Phrase.objects.get(key="none_of_these").text == "Otro"


def test_importing_the_same_files_again_does_nothing(newer):
    assert import_files(newer).files == 0
