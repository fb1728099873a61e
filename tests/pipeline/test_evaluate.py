"""``faro evaluate`` on data sets of its own: trained here, for real."""

import json

import pytest

from bot.__main__ import main as faro
from tests.pipeline.conftest import PHRASES

TEST = [
    {"text": "ocupo visa para pasear", "lang": "es", "label": "tourist_visa"},
    {"text": "mi tío está desaparecido", "lang": "es", "label": "missing_relative"},
    {"text": "we need a place to sleep", "lang": "en", "label": "shelters"},
    {"text": "cuéntame un chiste", "lang": "es", "label": "out_of_scope"},
    {"text": "no sé nada de mi prima", "label": "shelters", "also_ok": ["missing_relative"]},
]
KEYS = {
    *("n", "accuracy", "accuracy_in_scope", "top3", "by_language", "by_label"),
    *("answered", "asked_back", "wrong_answers", "oos", "ms"),
}


@pytest.fixture
def files(tmp_path):
    train = [
        {"text": text, "label": label, "lang": language}
        for language, topics in PHRASES.items()
        for label, phrases in topics.items()
        for text in phrases
    ]
    paths = {}
    for name, rows in (("train", train), ("test", TEST)):
        paths[name] = tmp_path / f"{name}.jsonl"
        paths[name].write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return paths


def test_any_data_set_is_trained_on_and_measured(files, capsys):
    found = faro(
        ["evaluate", "--train", str(files["train"]), "--test", str(files["test"]), "--json"]
    )
    figures = json.loads(capsys.readouterr().out)
    assert found == 0
    assert set(figures) >= KEYS
    assert figures["n"] == len(TEST)
    assert figures["accuracy"] >= 0.6
    assert figures["by_language"]["es"]["n"] == 3
    assert set(figures["oos"]) == {"recall", "false_alarm", "auroc"}


def test_the_figures_of_the_gate_are_recorded(files, tmp_path, capsys):
    recorded = tmp_path / "recorded.json"
    paths = ["--train", str(files["train"]), "--test", str(files["test"])]
    assert faro(["evaluate", *paths, "--json", "--record", str(recorded)]) == 0
    figures = json.loads(capsys.readouterr().out)
    kept = json.loads(recorded.read_text(encoding="utf-8"))
    assert kept == {name: figures[name] for name in ("n", "accuracy", "top3", "wrong_answers")}


def test_people_get_tables_and_a_picture(files, capsys, tmp_path):
    picture = tmp_path / "pictures" / "mixed.png"
    paths = ["--train", str(files["train"]), "--test", str(files["test"])]
    assert faro(["evaluate", *paths, "--picture", str(picture)]) == 0
    said = capsys.readouterr().out
    assert "worst labels" in said
    assert "missing_relative" in said
    assert picture.read_bytes()[1:4] == b"PNG"


@pytest.mark.parametrize("arguments", [[], ["--train", "x.jsonl"], ["--test", "missing.jsonl"]])
def test_what_is_missing_is_said(arguments, capsys):
    assert faro(["evaluate", *arguments]) == 1
    assert ".jsonl" in capsys.readouterr().err
