"""The content that stands in ``data/`` and ``locales/`` can be published as it is."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.content import checks, po
from bot.content import release as releases
from bot.content.codec import ContentError
from bot.content.files import read_answer, read_content
from bot.content.model import Live
from bot.content.po import Catalog
from bot.pipeline.phrases import labelled
from bot.places import fold
from bot.settings import ROOT


@pytest.fixture(scope="module")
def content():
    return read_content(ROOT)


def test_there_is_no_problem(content):
    assert checks.problems(content) == []


@pytest.mark.parametrize("language", ["en", "fr", "ht", "pt"])
def test_every_answer_and_phrase_is_in_every_language(content, language):
    assert set(content.answers[language]) == set(content.answers["es"])
    assert set(content.phrases[language]) == set(content.phrases["es"])


def test_every_training_label_has_an_answer(content):
    import yaml

    labels = {
        block["intent"].removeprefix("faq/")
        for path in (ROOT / "data" / "nlu").glob("*/*.yml")
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        if block["intent"].startswith("faq/")
    }
    assert labels
    assert labels <= set(content.answers["es"])


def test_what_a_menu_calls_a_topic_is_a_phrase_of_it(content):
    known = {(language, label, fold(text)) for text, label, language in labelled(ROOT / "data/nlu")}
    labels = {label for _, label, _ in known} - {"greeting", "out_of_scope"}
    named = {
        (language, name, fold(answer.title))
        for language, answers in content.answers.items()
        for name, answer in answers.items()
        if name in labels
    }
    assert named - known == set(), "add these titles to data/nlu"


def test_a_release_is_the_same_after_reading_it_back(content):
    release = releases.build(content, 7)
    again = releases.load(releases.dump(release))
    assert again == release


def test_a_release_that_was_changed_is_refused(content):
    document = json.loads(releases.dump(releases.build(content, 7)))
    document["content"]["answers"]["es"]["greeting"]["title"] = "Otra cosa"
    with pytest.raises(ContentError, match="not what was published"):
        releases.load(json.dumps(document))


def answer(text="Hola", **more):
    return {"answer": "greeting", "title": "Hola", "text": text, **more}


def with_answer(content, data):
    from dataclasses import replace
    from pathlib import Path

    changed = read_answer(data, Path("greeting.yml"))
    return replace(content, answers={"es": {**content.answers["es"], "greeting": changed}})


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (answer("Llamá al 911."), "the number 911 is typed in"),
        (answer("Mirá www.uscis.gov."), "is typed in"),
        (answer("Tenés {us.no_such_fact}."), "is no fact"),
        (answer("Ahora no. {^us.asylum.border_access_now}"), "is unverified"),
        (answer("Llamá al {here.emergency}."), "does not ask for a country"),
        (answer(next=["no_such_answer"]), "has no answer"),
        (answer(title="Un título demasiado largo para un botón"), "characters; 20 fit"),
    ],
)
def test_what_may_not_be_published_is_named(content, data, problem):
    assert any(problem in found for found in checks.problems(with_answer(content, data)))


@pytest.mark.parametrize(
    ("live", "problem"),
    [
        (Live("oracle", {}), "nobody is called 'oracle'"),
        (Live("json", {"url": "https://example.org/a.json", "type": "number"}), "lacks pointer"),
        (
            Live("json", {"url": "https://example.org/a", "pointer": "/a", "type": "text"}),
            "is fetched as number",
        ),
    ],
)
def test_a_live_value_that_nobody_could_fetch_is_named(content, live, problem):
    fact = next(f for f in content.facts.values() if f.type == "money")
    changed = replace(content, facts={**content.facts, fact.id: replace(fact, live=live)})
    assert any(problem in found for found in checks.problems(changed))


def test_a_broken_file_says_where(tmp_path):
    with pytest.raises(ContentError, match=r"greeting\.yml: unknown key texto"):
        read_answer(answer(texto="Hola"), tmp_path / "greeting.yml")


def test_a_changed_text_makes_its_translation_fuzzy_and_fuzzy_is_never_said(tmp_path):
    path = tmp_path / "answers.po"
    where = po.context("greeting", "text")
    po.update(path, "en", {where: ("Hola", "a greeting")}, {where: "Hello"})
    assert Catalog.load(tmp_path).text("greeting", "text", "Hola") == "Hello"

    po.update(path, "en", {where: ("Buenas", "a greeting")}, {})
    assert Catalog.load(tmp_path).text("greeting", "text", "Buenas") == ""
    assert "#, fuzzy" in path.read_text(encoding="utf-8")
    assert "Hello" in path.read_text(encoding="utf-8")


def test_exporting_twice_changes_nothing(tmp_path):
    path = tmp_path / "answers.po"
    where = po.context("greeting", "text")
    po.update(path, "en", {where: ("Hola", "")}, {where: "Hello"})
    before = path.read_bytes()
    po.update(path, "en", {where: ("Hola", "")}, {})
    assert path.read_bytes() == before


def test_a_year_ahead_nothing_out_of_date_is_asserted(content):
    """Walk the clock: every fact that an answer still says is current, or said with a warning."""
    from datetime import timedelta

    from bot.content.compose import Person, compose

    release = releases.build(content, 1)
    for week in range(0, 53, 4):
        today = date(2026, 11, 25) + timedelta(weeks=week)
        for name, found in content.answers["es"].items():
            for country in ("", *found.countries):
                said = compose(release, name, Person("es", country, country), today)
                late = [id_ for id_ in said.facts if content.facts[id_].withdraw_after < today]
                assert not late, (name, today)
                if "check" in said.facts.values() and not name.startswith(("crisis_", "first_")):
                    assert "cambiado" in said.text, (name, today)


def test_a_year_ahead_every_answer_still_fits_its_channel(content):
    """A fact that grows old changes the words around it; a text near its limit would be cut."""
    from datetime import timedelta

    for week in range(0, 53, 4):
        today = date(2026, 11, 25) + timedelta(weeks=week)
        too_long = [
            problem
            for problem in checks.rendered(content, today)
            if "rests on withdrawn facts" not in problem
        ]
        assert not too_long, today
