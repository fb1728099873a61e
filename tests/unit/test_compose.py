"""What a person reads: only what still holds, in their language, for their place and channel."""

from datetime import date

import pytest

from bot.content.compose import Person, compose, compose_phrase
from bot.content.freshness import status
from bot.content.model import Answer, Contact, Content, Fact, Live, Release, Source, Wording

TODAY = date(2026, 11, 25)
SOURCE = Source("USCIS", "USCIS", "https://uscis.gov", date(2026, 6, 1))


def fact(id_, **more):
    given = {
        "type": "duration",
        "claim": "",
        "source": SOURCE,
        "checked_on": date(2026, 11, 1),
        "valid_until": date(2027, 1, 1),
        "withdraw_after": date(2028, 1, 1),
        "volatility": "slow",
        "confidence": "confirmed",
        "owner": "legal-us",
        "value": 1,
        "unit": "year",
    }
    return Fact(id_, **{**given, **more})


def line(country, value, role="emergency"):
    base = fact("x", type="phone", value=value, unit="").__dict__
    return Contact(**{**base, "id": f"{country.lower()}.{role}"}, country=country, role=role)


def release(*answers, facts=(), english=(), phrases=None):
    spoken = {
        "source_line": "Fuente: {sources}",
        "source_line_sms": "F: {sources}",
        "check_line": "Pudo cambiar: {sources}",
        "check_line_sms": "Cambió? {sources}",
        "dropped_line": "Se revisa una parte.",
        "all_withdrawn": "Lo estamos revisando.",
        "untranslated_line": "Solo en español.",
        "working_days": "{count} días hábiles",
        **(phrases or {}),
    }
    return Release(
        1,
        "",
        Content(
            facts={f.id: f for f in facts},
            answers={"es": {a.name: a for a in answers}, "en": {a.name: a for a in english}},
            phrases={"es": spoken, "en": {"source_line": "Source: {sources}"}},
            words={},
            crisis={},
        ),
    )


def said(answer, *facts, today=TODAY, english=(), **person):
    whole = release(answer, facts=facts, english=english)
    return compose(whole, answer.name, Person(**person), today)


ASYLUM = Answer("asylum", "Asilo", Wording("Tenés {limit} para pedirlo.\nEs gratis. {^free}"))
LIMIT, FREE = fact("limit"), fact("free", type="statement", value=None)


def test_facts_are_filled_in_and_their_source_is_named():
    assert said(ASYLUM, LIMIT, FREE).text == (
        "Tenés 1 año para pedirlo.\nEs gratis.\n\nFuente: USCIS (jun 2026)"
    )


def test_after_its_date_a_fact_is_said_with_a_warning():
    text = said(ASYLUM, LIMIT, FREE, today=date(2027, 6, 1)).text
    assert "1 año" in text
    assert "Pudo cambiar: USCIS" in text


def test_a_withdrawn_fact_takes_its_line_with_it():
    gone = fact("limit", withdraw_after=date(2026, 1, 1))
    answer = said(ASYLUM, gone, FREE)
    assert "Tenés" not in answer.text
    assert answer.text.startswith("Es gratis.")
    assert "Se revisa una parte." in answer.text
    assert answer.withheld == ("limit",)


def test_when_nothing_holds_the_answer_says_so():
    gone = [fact(name, withdraw_after=date(2026, 1, 1)) for name in ("limit", "free")]
    assert said(ASYLUM, *gone).text == "Lo estamos revisando."


def test_what_nobody_could_verify_is_never_said():
    assert status(fact("x", confidence="unverified"), TODAY) == "withdrawn"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 1, 1), "current"),
        (date(2027, 1, 2), "check"),
        (date(2028, 1, 1), "check"),
        (date(2028, 1, 2), "withdrawn"),
    ],
)
def test_status_changes_the_day_after(today, expected):
    assert status(fact("x"), today) == expected


def test_an_old_source_is_never_more_than_check():
    assert status(fact("x", confidence="old"), TODAY) == "check"


def test_a_fact_that_lives_at_its_source_is_left_out_silently_when_it_was_not_fetched():
    living = fact("limit", live=Live("federal_register", {}))
    answer = said(ASYLUM, living, FREE)
    assert answer.text.startswith("Es gratis.")
    assert "Se revisa" not in answer.text


HOTLINES = Answer(
    "hotlines",
    "Números",
    Wording("Llamá al {here.emergency} en {here.name}.", sms="{here.emergency}"),
    countries={"GT": Wording("En Guatemala: {here.emergency}.")},
    asks="country",
)


@pytest.mark.parametrize(
    ("country", "channel", "expected"),
    [
        ("HN", "whatsapp", "Llamá al 911 en Honduras."),
        ("HN", "sms", "911"),
        ("GT", "whatsapp", "En Guatemala: 110."),
        ("GT", "sms", "En Guatemala: 110."),
    ],
)
def test_a_country_has_its_own_number_and_words(country, channel, expected):
    answer = said(HOTLINES, line("HN", "911"), line("GT", "110"), country=country, channel=channel)
    assert answer.text.split("\n")[0] == expected


def test_without_a_line_in_that_country_no_number_is_made_up():
    answer = said(HOTLINES, line("HN", "911"), country="NI")
    assert "911" not in answer.text


def test_a_missing_translation_falls_back_to_spanish_whole_and_says_so():
    answer = said(ASYLUM, LIMIT, FREE, language="en")
    assert answer.language == "es"
    assert answer.text.endswith("Solo en español.")


def test_values_are_written_as_the_language_does():
    english = Answer("asylum", "Asylum", Wording("You have {limit}. {^free}"))
    answer = said(ASYLUM, LIMIT, FREE, english=[english], language="en")
    assert answer.text == "You have 1 year.\n\nSource: USCIS (Jun 2026)"


def test_phrases_name_contacts_too():
    spoken = release(facts=[line("HN", "911")], phrases={"error": "Llamá al {hn.emergency}."})
    assert compose_phrase(spoken, "error", "es") == "Llamá al 911."
