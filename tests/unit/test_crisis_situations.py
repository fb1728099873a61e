"""Situations that are told alike, of which one is danger and the other is not."""

import pytest

from tests.unit.crisis_rules import RULES


@pytest.mark.parametrize(
    ("text", "armed"),
    [
        ("my husband says he will call ICE, he is outside with a gun", True),
        ("my husband says ice agents are outside with guns", False),
        ("mi marido dice que va a llamar a la migra, está afuera con una pistola", True),
        ("mi marido dice que la migra está afuera con pistolas", False),
        ("meu marido fala que vai chamar a imigração, tá lá fora com uma arma", True),
        ("meu marido disse que os agentes da imigração estão lá fora com armas", False),
        ("mon mari va appeler l'immigration, il est dehors avec un fusil", True),
        ("mon mari dit que les agents de l'immigration sont dehors avec des armes", False),
        ("mari m di l ap rele imigrasyon, li deyò a ak yon zam", True),
        ("mari m di ajan imigrasyon yo deyò a ak zam", False),
    ],
)
def test_a_weapon_at_the_door_is_danger_unless_agents_carry_it(text, armed):
    found = RULES.find(text)
    assert (found is not None and found.type == "threatened") == armed


@pytest.mark.parametrize(
    ("agents", "danger"),
    [
        ("la migra está afuera de mi casa", "y la mara me quiere matar"),
        ("ice agents are banging on my door", "and the gang is outside too"),
        ("a imigração está batendo na minha porta", "e a facção quer me matar"),
        ("ice est devant ma porte", "et mon mari me frappe"),
        ("imigrasyon devan pòt mwen", "epi bandi yo deyò a"),
    ],
)
def test_agents_at_the_door_are_no_gang(agents, danger):
    # The answer to a threat says to call 911 and leave: wrong advice with agents outside.
    assert RULES.find(agents) is None
    assert RULES.find(f"{agents} {danger}") is not None


@pytest.mark.parametrize(
    ("asked", "danger"),
    [
        ("dónde dormimos hoy con los niños", "mi marido nos pega"),
        ("we have nowhere to sleep tonight, i have a baby with me", "my husband beats us"),
        ("onde posso dormir esta noite com meus filhos", "meu marido me bate"),
        ("où dormir ce soir avec mes enfants", "mon mari me frappe"),
        ("ki kote nou ka dòmi aswè a ak timoun yo", "mari m ap bat mwen"),
    ],
)
def test_a_bed_for_tonight_is_a_crisis_only_when_danger_is_told(asked, danger):
    assert RULES.find(asked) is None
    assert RULES.find(f"{asked}, {danger}") is not None


@pytest.mark.parametrize(
    ("grown", "child"),
    [
        (
            "mi hijo de 22 años desapareció hace cuatro meses",
            "mi hijo de 2 años desapareció hace cuatro meses",
        ),
        (
            "my 33 year old son has been missing for two months",
            "my 3 year old son has been missing for two months",
        ),
    ],
)
def test_a_grown_child_long_unheard_of_is_no_lost_child(grown, child):
    assert RULES.find(grown) is None
    assert RULES.find(child).type == "child_lost"


@pytest.mark.parametrize(
    ("brother", "child"),
    [
        (
            "mi hermano desapareció hace cuatro meses",
            "mi hija de 5 años desapareció hace dos meses",
        ),
        (
            "my brother has been missing for two months",
            "my son is 5, he has been missing for weeks",
        ),
        ("meu irmão sumiu há dois anos", "minha filha de 5 anos sumiu há duas semanas"),
        (
            "ma soeur a disparu il y a quatre mois",
            "ma fille de 5 ans a disparu depuis deux semaines",
        ),
        ("sè m disparèt depi kat mwa", "pitit fi m ki gen 5 an disparèt depi de semèn"),
    ],
)
def test_a_relative_long_unheard_of_is_looked_for_and_a_child_is_a_crisis(brother, child):
    assert RULES.find(brother) is None
    found = RULES.find(child)
    assert found is not None
    assert found.type == "child_lost"
