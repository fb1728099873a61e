"""The documentation says what is there, all of it."""

import re

from bot.processes import models
from bot.settings import ROOT, SETTINGS


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_documented_and_no_other():
    documented = re.findall(r"^\| `([A-Z_]+)` \|", text("docs/operate.md"), re.MULTILINE)
    assert documented == [name for name, _, _ in SETTINGS]


def test_every_path_that_the_readme_names_exists():
    named = re.findall(
        r"`((?:data|locales|bot|docs|actions|channels)/[^`\s]*|[a-z]+\.yml)`", text("README.md")
    )
    for path in named:
        pattern = re.sub(r"<[^>]+>", "*", path)
        assert list(ROOT.glob(pattern)), path


def test_the_two_commands_are_in_the_readme_and_the_makefile():
    for command in ("run", "test"):
        assert f"make {command}" in text("README.md")
        assert re.search(rf"^{command}:", text("Makefile"), re.MULTILINE)


def test_a_model_is_named_after_what_it_was_made_from():
    assert re.fullmatch(r"[0-9a-f]{12}", models.fingerprint())
