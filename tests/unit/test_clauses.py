"""Where a second question in one message begins."""

import pytest

from bot.clauses import clauses

JOINS = ["y tambien", "otra cosa", "y otra pregunta"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("como saco el pasaporte", ["como saco el pasaporte"]),
        ("¿Cómo saco el pasaporte? Gracias.", ["¿Cómo saco el pasaporte?"]),
        (
            "busco a mi hermano; y dónde hay un albergue",
            ["busco a mi hermano;", "y dónde hay un albergue"],
        ),
        (
            "cuanto vale el pasaporte Y TAMBIÉN como pido asilo",
            ["cuanto vale el pasaporte", "Y TAMBIÉN como pido asilo"],
        ),
        ("otra cosa, cuanto vale el pasaporte", ["otra cosa, cuanto vale el pasaporte"]),
        ("quiero ir y tambien mi hermano", ["quiero ir y tambien mi hermano"]),
        ("", []),
    ],
)
def test_clauses(text, parts):
    assert clauses(text, JOINS) == parts
