"""The commands, the settings and the documents that name them."""

import json
import re

from django.core.management import call_command

from bot.settings import ROOT, var_folder
from console import config
from console.__main__ import main
from console.catalogs import SOURCE, compile_catalogs
from console.extract import messages


def test_every_setting_is_in_the_staff_documents():
    text = (ROOT / "docs/staff/operar.md").read_text(encoding="utf-8")
    assert [name for name, _default, _help in config.SETTINGS if f"`{name}`" not in text] == []


def test_models_are_measured_on_a_set_that_comes_with_faro():
    from console.learning.jobs import fixed_set

    rows = [json.loads(line) for line in fixed_set().read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 300
    assert all(row["text"] and row["label"] and row["lang"] for row in rows)


def test_every_text_of_the_interface_is_in_spanish():
    from babel.messages.pofile import read_po

    with (SOURCE / "es/LC_MESSAGES/django.po").open("rb") as file:
        known = read_po(file, locale="es")
    missing = []
    for message, where in messages():
        single = message[0] if isinstance(message, tuple) else message
        found = known.get(single)
        strings = [] if found is None else found.string if found.pluralizable else [found.string]
        if not strings or not all(strings):
            missing.append((where, single))
        places = set(re.findall(r"%\(\w+\)s", single))
        assert all(set(re.findall(r"%\(\w+\)s", string)) <= places for string in strings), single
    assert missing == []


def test_the_texts_of_a_later_version_are_taken_whenever_they_were_written(ours):
    """Its files may be older than the day on which those before them were compiled."""
    compiled = var_folder() / "console_locale/es/LC_MESSAGES/django.mo"
    compiled.write_bytes(b"of the version before")
    compile_catalogs()
    made = compiled.read_bytes()
    assert b"Publicar" in made
    compile_catalogs()
    assert compiled.read_bytes() == made  # the day on which it is made stands in it


def test_no_migration_is_missing(filled):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_export_writes_only_what_changed(filled, tmp_path, capsys):
    assert main(["export", "--root", str(tmp_path)]) == 0
    written = capsys.readouterr().out.split()
    assert "data/phrases.yml" in written
    assert main(["export", "--root", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


def test_import_of_what_is_known_changes_nothing(filled, tree, capsys):
    assert main(["import", "--root", str(tree)]) == 0
    assert capsys.readouterr().out.startswith("0 files")


def test_a_wrong_database_address_is_said_in_a_sentence(monkeypatch):
    import pytest

    from bot.settings import SettingError

    monkeypatch.setenv("DATABASE_URL", "mysql://x")
    with pytest.raises(SettingError, match="postgresql"):
        config.database()
    monkeypatch.setenv("DATABASE_URL", "postgresql://faro:p%40ss@db:5433/console")
    found = config.database()
    assert (found["PASSWORD"], found["PORT"], found["NAME"]) == ("p@ss", "5433", "console")
