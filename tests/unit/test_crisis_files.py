"""The files of crisis rules: theirs hold what they promise, and a mistake in one is named."""

import pytest

from bot.crisis import Hit, Rules, problems
from tests.unit.crisis_rules import CRISIS, broken


def test_every_rule_finds_its_examples_and_leaves_its_near_misses():
    assert problems(CRISIS) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (broken(type="stolen"), "is none of kidnapped"),
        (broken(when=["{nobody} captive"]), "no group {nobody}"),
        (broken(when=["held (captive"]), "cannot read '('"),
        (broken(when=["h* captive"]), "could be almost any word"),
        (broken(when=[]), "says nothing under `when:`"),
        (broken(examples=["free as a bird"]), "is not found"),
        (broken(**{"not": ["he is held captive"]}), "is taken for a crisis by held"),
        (broken(**{"not": []}), "needs `examples:`"),
        (broken(unless=["weather"]), "there is no cancel 'weather'"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_rule(data, said):
    found = problems({"en": data})
    assert any("crisis/en.yml: rule held" in line and said in line for line in found), found


def test_a_soft_cancel_must_be_one_of_the_file():
    found = problems({"en": {**broken(), "soft": ["weather"]}})
    assert "crisis/en.yml: soft: there is no cancel 'weather'" in found


def test_a_broken_rule_does_not_silence_the_others():
    data = broken(when=["held captive"])
    data["crisis_rules"].insert(0, {"rule": "bad", "type": "kidnapped", "when": ["(("]})
    assert Rules.compile({"en": data}).find("held captive") == Hit("kidnapped", "en", "held")
