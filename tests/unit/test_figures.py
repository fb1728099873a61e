"""The figures of an evaluation, on outcomes written by hand."""

from bot.figures import Outcome, summarise


def outcome(label, first, share=0.9, answered=True, also=(), language="es", found="es"):
    ranking = ((first, share), ("other", 1 - share)) if first else ()
    return Outcome(label, also, language, ranking, answered, found, 5.0)


OUTCOMES = [
    outcome("tps", "tps"),
    outcome("tps", "daca", also=("daca",)),
    outcome("daca", "tps", language="en", found="en"),
    outcome("daca", "tps", 0.3, answered=False, language="en"),
    outcome("out_of_scope", "out_of_scope"),
    outcome("out_of_scope", "", answered=False),
]


def test_figures():
    found = summarise(OUTCOMES)
    assert found["n"] == 6
    assert found["accuracy"] == round(2 / 6, 4)
    assert found["accuracy_in_scope"] == 0.25
    assert found["accuracy_also_ok"] == 0.5
    assert found["asked_back"] == round(2 / 6, 4)
    assert found["wrong_answers"] == round(1 / 6, 4)
    assert found["by_language"]["en"] == {"n": 2, "accuracy": 0.0}
    assert found["by_label"]["tps"] == {"n": 2, "accuracy": 0.5}
    assert found["oos"]["recall"] == 0.5
    assert found["oos"]["false_alarm"] == 0.0
    assert found["oos"]["auroc"] == 1.0
    assert found["ms"] == {"p50": 5.0, "p95": 5.0}
    assert found["language_found"] == round(5 / 6, 4)


def test_nothing_to_measure_is_no_error():
    found = summarise([])
    assert found["n"] == 0
    assert found["oos"]["auroc"] is None
