"""Understanding of the project's own messages, which nobody trains on, must not get worse.

``data/eval/recorded.json`` holds what ``faro evaluate --test data/eval/questions.jsonl``
gave when it was last recorded; whoever makes the figures better records them anew, with
``--record data/eval/recorded.json``.
"""

import json
import re

import pytest

from bot.content.files import read_yaml
from bot.evaluate import evaluate
from bot.places import fold
from bot.settings import ROOT

QUESTIONS = ROOT / "data/eval/questions.jsonl"
ALLOWED = 0.015
ALIKE = 0.6


@pytest.fixture(scope="module")
def figures(model):
    return evaluate(QUESTIONS, model)


@pytest.fixture(scope="module")
def recorded():
    return json.loads((ROOT / "data/eval/recorded.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["accuracy", "top3"])
def test_as_much_is_understood_as_was_recorded(figures, recorded, name):
    assert figures[name] >= recorded[name] - ALLOWED


def test_no_more_is_answered_wrongly_than_was_recorded(figures, recorded):
    assert figures["wrong_answers"] <= recorded["wrong_answers"] + ALLOWED


def test_no_message_is_trained_on():
    phrases = {}
    for path in (ROOT / "data/nlu").glob("*/*.yml"):
        for block in read_yaml(path)["nlu"]:
            lines = [words(line[2:]) for line in block["examples"].splitlines()]
            phrases.setdefault(block["intent"].removeprefix("faq/"), []).extend(lines)
    found = [
        row["text"]
        for row in map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
        for phrase in phrases[row["label"]]
        if likeness(words(row["text"]), phrase) > ALIKE
    ]
    assert not found


def words(text):
    return frozenset(re.findall(r"\w+", fold(text)))


def likeness(one, other):
    """Return the share of two texts' words that they have in common; 0 without words."""
    return len(one & other) / len(one | other) if one and other else 0.0
