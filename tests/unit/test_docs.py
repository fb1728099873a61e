"""The documentation says what is there, all of it."""

import re

from bot.content import checks
from bot.content.readability import EASY
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


def test_the_limits_that_writers_are_told_are_those_that_are_checked():
    told = text("docs/staff/contenido.md")
    for row in (
        f"con fuente y avisos | {checks.BODY_LIMIT} caracteres",
        f"(el título de cada respuesta) | {checks.TITLE_LIMIT} caracteres",
        f"las más preguntadas | {checks.SEGMENTS_MOST_ASKED} segmentos",
        f"los demás SMS | {checks.SEGMENTS} segmentos",
        f"primer saludo | {checks.FIRST_CONTACT_LIMIT} caracteres",
        f"no baja de {EASY:.0f}",
    ):
        assert row in told


def test_the_two_commands_are_in_the_readme_and_the_makefile():
    for command in ("run", "test"):
        assert f"make {command}" in text("README.md")
        assert re.search(rf"^{command}:", text("Makefile"), re.MULTILINE)


def test_a_model_is_named_after_what_it_was_made_from():
    assert re.fullmatch(r"[0-9a-f]{12}", models.fingerprint())
