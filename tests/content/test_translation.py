"""What comes back from translators, what nobody has read yet, and what is longer than expected."""

from datetime import date

import pytest

from bot.content import po
from bot.content import release as releases
from bot.content.compose import Person, compose
from bot.content.coverage import coverage, draw
from bot.content.files import read_content
from bot.content.intake import take
from bot.content.po import Catalog, translated
from bot.content.pseudo import LANGUAGE, with_pseudo
from bot.messages import Choice, OutboundMessage
from bot.settings import ROOT
from channels.registry import load_channels

WHERE = po.context("greeting", "text")
SPANISH = {WHERE: "Llamá al {us.contact.emergency_911}."}


@pytest.fixture(scope="module")
def content():
    return read_content(ROOT)


def sent(tmp_path, translation, language="ht", project="Faro", spanish=SPANISH[WHERE], fuzzy=False):
    path = tmp_path / "answers.po"
    flag = "#, fuzzy\n" if fuzzy else ""
    path.write_text(
        f'msgid ""\nmsgstr ""\n"Project-Id-Version: {project} 1\\n"\n"Language: {language}\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        f'{flag}msgctxt "{WHERE}"\nmsgid "{spanish}"\nmsgstr "{translation}"\n',
        encoding="utf-8",
    )
    return path


def test_a_good_translation_is_taken(tmp_path):
    good = "Rele {us.contact.emergency_911}."
    assert take(sent(tmp_path, good), "ht", SPANISH) == ({WHERE: good}, [])


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"translation": "Rele 911."}, "placeholders differ"),
        ({"translation": "Rele.", "spanish": "Llamá."}, "the Spanish has changed"),
        ({"translation": "x", "project": "Otro"}, "not for Faro"),
        ({"translation": "x", "language": "fr"}, "not in ht"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(tmp_path, how, problem):
    taken, problems = take(sent(tmp_path, **how), "ht", SPANISH)
    assert taken == {}
    assert len(problems) == 1
    assert problem in problems[0]


def test_a_refused_text_is_named_by_its_line(tmp_path):
    _, problems = take(sent(tmp_path, "Rele 911."), "ht", SPANISH)
    assert "answers.po:8: utter_faq/greeting:text" in problems[0]


def test_fuzzy_is_never_taken(tmp_path):
    good = sent(tmp_path, "Rele {us.contact.emergency_911}.", fuzzy=True)
    assert take(good, "ht", SPANISH) == ({}, [])


def test_a_file_that_is_no_po_file_is_refused(tmp_path):
    path = tmp_path / "answers.po"
    path.write_bytes(b"\xff\xfe nothing")
    taken, problems = take(path, "ht", SPANISH)
    assert taken == {}
    assert "cannot be read" in problems[0]


def drafted(tmp_path, content, comment=""):
    """Return a greeting in a machine-drafted file, with a translator's comment on each text."""
    greeting = content.answers["es"]["greeting"]
    places = dict(po.texts(greeting))
    path = tmp_path / "answers.po"
    texts = {po.context("greeting", place): (text, "") for place, text in places.items()}
    po.update(path, "ht", texts, {where: text for where, (text, _) in texts.items()})
    written = path.read_text(encoding="utf-8").replace("msgctxt", f"{comment}msgctxt")
    path.write_text(f"# {po.DRAFTED}, awaiting a native reader\n{written}", encoding="utf-8")
    return translated(greeting, Catalog.load(tmp_path))


def test_a_drafted_text_is_unreviewed_until_a_reader_says_so(tmp_path, content):
    assert drafted(tmp_path, content).reviewed is False
    assert drafted(tmp_path, content, "# reviewed: Marie, 2026-12-01\n").reviewed is True


def test_an_unreviewed_answer_says_so(content):
    unreviewed = next(
        (language, name)
        for language, answers in content.answers.items()
        for name, answer in answers.items()
        if not answer.reviewed and not name.startswith(("crisis_", "first_contact"))
    )
    release = releases.build(content, 1)
    language, name = unreviewed
    said = compose(release, name, Person(language), date(2026, 11, 25))
    assert release.phrase("unreviewed_line", language) in said.text


def test_in_production_nothing_unreviewed_is_said_about_danger_or_law(content):
    kept = releases.for_production(content)
    for answers in kept.answers.values():
        for answer in answers.values():
            assert answer.reviewed or answer.theme in releases.UNCRITICAL_THEMES
    assert kept.answers["es"] == content.answers["es"]


def test_coverage_counts_and_draws(content, tmp_path):
    rows = coverage(content)
    assert rows[0].language == "es"
    assert all(row.reviewed <= row.translated <= row.total for row in rows)
    draw(rows, tmp_path / "coverage.png")
    assert (tmp_path / "coverage.png").read_bytes().startswith(b"\x89PNG")


def test_a_language_half_as_long_again_fits_every_channel(content, monkeypatch):
    """Whatever a translator writes is split, never cut or refused."""
    for name, value in {
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_AUTH_TOKEN": "x" * 32,
        "TWILIO_SMS_FROM": "+14155550101",
        "TWILIO_WHATSAPP_FROM": "+14155550101",
        "TELEGRAM_TOKEN": "700000001:TEST-token-not-real",
        "TELEGRAM_SECRET": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    release = releases.build(with_pseudo(content), 1)
    for channel in load_channels():
        address = "5550001" if channel.name() == "telegram" else "+50499550101"
        for name in content.answers["es"]:
            person = Person(LANGUAGE, channel=channel.name())
            said = compose(release, name, person, date(2026, 11, 25))
            choices = tuple(
                Choice(release.answer(label, LANGUAGE)[0].title, f"a:{label}")
                for label in said.next
            )
            assert channel.encode(address, OutboundMessage(said.text, choices)), name
