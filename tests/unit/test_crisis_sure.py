"""Danger that is told is sure; what is asked, supposed or only pieced together is not."""

import json

import pytest

from bot.crisis import Hit, Rules
from tests.unit.crisis_rules import DATA, LANGUAGES, RULES, broken


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("a mi hijo lo tienen secuestrado", "¿y si a mi hijo lo tienen secuestrado qué pasa?"),
        ("me tienen encerrada y piden rescate", "para la tarea de mi hija, me tienen encerrada"),
        ("my brother was kidnapped", "is my brother kidnapped"),
        ("sequestraram meu irmão", "como sequestraram meu irmão no filme"),
        ("ils ont kidnappé mon frère", "est-ce qu'ils ont kidnappé mon frère ?"),
        ("yo kidnape frè m", "èske yo kidnape frè m"),
    ],
)
def test_what_is_told_is_sure_and_what_is_asked_is_not(told, asked):
    assert RULES.find(told).sure
    found = RULES.find(asked)
    assert found is None or not found.sure


@pytest.mark.parametrize(
    "text",
    [
        "me tienen secuestrada, puedo pedir asilo?",
        "me tienen secuestrada puedo pedir asilo?",
        "men with guns are outside my door can i get asylum?",
        "tem homem armado no portão, posso pedir asilo?",
        "ils ont kidnappé mon frère comment le retrouver ?",
        "gen nèg ak zam devan pòt la, èske m ka mande azil?",
    ],
)
def test_what_is_told_before_a_question_is_sure(text):
    assert RULES.find(text).sure


@pytest.mark.parametrize(
    ("text", "found", "hinted"),
    [
        ("la mara me amenazó, puedo pedir asilo?", False, True),
        ("a gang threatens me, can i ask for asylum?", False, True),
        ("me secuestraron, puedo pedir asilo?", True, False),
        ("cómo pido asilo en méxico", False, False),
        ("la mara me va a matar", True, False),
    ],
)
def test_a_danger_that_is_the_reason_for_a_question_is_only_hinted_at(text, found, hinted):
    assert (RULES.find(text) is not None) == found
    assert found or RULES.hints_at(text) == hinted


def test_signs_together_are_never_sure():
    found = RULES.find("anda con un cuchillo y estoy metida en el baño con las niñas")
    assert found is not None
    assert not found.sure


def test_lines_under_perhaps_are_found_but_not_sure():
    data = broken(when=["held captive"], perhaps=["held"], examples=["held", "held captive"])
    rules = Rules.compile({"en": data})
    assert rules.find("they are held") == Hit("kidnapped", "en", "held", sure=False)
    assert rules.find("they are held captive") == Hit("kidnapped", "en", "held", sure=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_calm_message_we_know_is_surely_a_crisis(language):
    lines = (DATA / "model" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    calm = [row["text"] for row in map(json.loads, lines) if not row["crisis"]]
    taken = [text for text in calm if (hit := RULES.find(text)) and hit.sure]
    assert len(taken) <= 0.01 * len(calm), taken
