"""What staff see while typing is what people would get, and what is wrong stands beside it."""

import json
import re
from datetime import date

import pytest

from bot.content import checks
from bot.content.compose import Person, compose
from bot.content.model import Release
from console.content import assemble
from console.content.checking import SAYINGS, beside, explained, say
from console.content.models import Answer, Contact, Fact
from console.content.phones import phones
from tests.console.forms import edit_url, fields
from tests.console.people import signed_in

pytestmark = pytest.mark.usefixtures("db")


def ask(changes, name="tps", language="es", country="", model=Answer):
    _rosa, client = signed_in("rosa", "writer")
    row = model.objects.get(**{"name" if model is Answer else "key": name})
    data = fields(client.get(edit_url(row)))
    data |= {"preview-language": language, "preview-country": country, **changes}
    answer = client.post(f"/preview/{model._meta.model_name}/{row.pk}/", data)
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_what_is_typed_is_shown_at_once_and_saved_nowhere():
    shown = ask({"text": "**Hola** <b>amiga</b>, cuesta {us.asylum.i589_fee}."})
    assert "<b>Hola</b> &lt;b&gt;amiga&lt;/b&gt;, cuesta US$100." in shown["html"]
    assert "Hola" not in Answer.objects.get(name="tps").text


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("country", ["", "HN", "US"])
def test_every_phone_shows_what_would_be_sent(language, country):
    from datetime import datetime, timezone

    content = assemble.approved()
    today = datetime.now(timezone.utc).date()
    for phone in phones(content, "hotlines", language, country):
        person = Person(language, country or None, country or None, phone.channel)
        said = compose(Release(0, "", content), "hotlines", person, today)
        first = said.text.split("\n")[0][:20]
        assert first.split("**")[0][:10] in phone.bubbles[0] or phone.channel == "sms"


def test_an_sms_shows_encoding_segments_and_that_nobody_set_a_price():
    html = ask({"sms": "Corto."})["html"]
    assert "GSM-7 · 1 mensaje ·" in html
    assert "falta poner el precio" in html


def priced(key, value, unit="USD", **changes):
    """Add a price as staff do: a fact like another, with its source and its dates."""
    fact = Fact.objects.get(key="us.asylum.i589_fee")
    fact.pk, fact.key, fact.value, fact.unit, fact.file = None, key, value, unit, ""
    for name, changed in changes.items():
        setattr(fact, name, changed)
    fact.save()
    assemble.forget()


def test_an_sms_shows_the_price_that_staff_looked_up():
    priced("intl.sms.segment_price", "0.08")
    priced("hn.sms.segment_price", "2.5", "HNL")
    assert "cerca de US$0.08" in ask({"sms": "Corto."})["html"]
    in_honduras = ask({"sms": "Corto."}, country="HN")["html"]
    segments = int(re.search(r"· (\d) mensajes? ·", in_honduras).group(1))
    assert f"cerca de {2.5 * segments:g} HNL" in in_honduras
    assert "cerca de US$" in ask({"sms": "Corto."}, country="GT")["html"]


def test_a_price_that_is_too_old_is_no_price():
    priced("intl.sms.segment_price", "0.08", withdraw_after=date(2026, 1, 1))
    assert "falta poner el precio" in ask({"sms": "Corto."})["html"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": "Un título que no cabe en ningún botón"}, "title", "caben 20"),
        ({"text": "Llamá al 911."}, "text", "911 está escrito a mano"),
        ({"sms": "Llamá {us.no.existe}"}, "sms", "us.no.existe"),
        ({"text": "Mirá www.ejemplo.org"}, "text", "enlace"),
        ({"sms": "palabra larga de verdad " * 40}, "sms", "SMS"),
        ({"countries-HN-sms": "Son 3 pasos."}, "HN.sms", "3 está escrito"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(changes, field, words):
    problems = ask(changes)["problems"]
    assert any(p["field"] == field and words in p["text"] for p in problems), problems


def test_a_fact_shows_how_it_reads_in_every_language():
    shown = ask({"value": "1234"}, "us.asylum.i589_fee", model=Fact)
    assert "US$1,234" in shown["html"]
    assert shown["problems"] == []


def test_a_fact_that_fits_no_kind_is_said():
    shown = ask({"value": "mucho"}, "us.asylum.i589_fee", model=Fact)
    assert [p["field"] for p in shown["problems"]] == ["value"]


def test_a_second_line_with_the_same_role_is_said():
    shown = ask({"role": "emergency"}, "hn.contact.children_110", model=Contact)
    assert any(p["field"] == "role" for p in shown["problems"])


def test_every_check_of_the_bot_is_said_in_the_staffs_language():
    """Break content in every way the checks know, and find no sentence left in English."""
    from dataclasses import replace

    content = assemble.approved()
    answers = content.answers["es"]
    broken = replace(
        answers["tps"],
        title="Un título que no cabe en ningún botón",
        asks="nada",
        next=("no_such",),
        general=replace(
            answers["tps"].general,
            text="{here.emergency} 5 www.a.org {no.fact} {us.tps.not_for_new_arrivals}",
            sms="x",
        ),
    )
    found = checks.answer_problems(
        replace(content, answers={**content.answers, "es": {**answers, "tps": broken}}), "es", "tps"
    )
    fact = replace(content.facts["us.asylum.i589_fee"], value="x", unit="dollars")
    found += [*checks._facts(replace(content, facts={"a": fact}))]
    assert len(found) >= 8
    assert [line for line in found if say(line) == line] == []
    assert all(said.field for said in beside(found[:6], "tps"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "locales/en/LC_MESSAGES/answers.po: tps: sms: placeholders differ from the Spanish: a, b",
            "English: tps: sms: Los datos no son los mismos que en español: a, b. Usá los mismos en los dos.",
        ),
        (
            "data/answers: tps (HN): 3 SMS segments; 2 at most: shorten `sms`",
            "Español: tps (HN): Ocupa 3 SMS; como máximo 2. Acortá la respuesta por SMS.",
        ),
        ("something nobody foresaw", "something nobody foresaw"),
    ],
)
def test_a_problem_in_a_list_says_where_it_is(line, said):
    assert explained(line) == said


def test_sayings_are_translated():
    from django.utils.translation import gettext

    assert [text for _pattern, text in SAYINGS if gettext(text) == text] == []


def test_a_fact_is_found_by_what_it_is_about():
    _rosa, client = signed_in("rosa", "writer")
    found = client.get("/find-fact/?q=asilo cuesta").json()["facts"]
    assert "{us.asylum.i589_fee}" in [fact["insert"] for fact in found]
    assert client.get("/find-fact/?q=zzzz").json()["facts"] == []


def test_a_fact_knows_the_answers_that_use_it():
    from console.content.usage import usage

    assert "asylum_us" in [a.name for a in usage(Fact.objects.get(key="us.asylum.i589_fee"))]
    role = usage(Contact.objects.get(key="hn.contact.emergency_911"))
    assert "crisis_suicide" in [answer.name for answer in role]
