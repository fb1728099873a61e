"""Guided conversations as pure data: questions in order, answers understood, what follows."""

import pytest

from bot import guides
from bot.content.files import read_content
from bot.guides import Block, Guide, Outcome, Step
from bot.settings import ROOT

NOW = 1_000_000.0
SCAM = Guide(
    "scam",
    steps=(
        Step("where", ("HN", "GT", "other"), known="country"),
        Step("age", ("minor", "adult"), numbers={"minor": (0, 17), "adult": (18, 110)}),
        Step("pay", ("yes", "no", "unsure"), red=("yes",)),
        Step("sure", ("yes", "no"), red=("yes",)),
    ),
    results=(
        Block(
            first=(Outcome(red=2, say="danger"), Outcome(red=1, say="careful"), Outcome(say="ok"))
        ),
        Block(
            every=(
                Outcome(when={"age": ("minor",)}, offer=("a:one",)),
                Outcome(when={"where": ("HN", "GT")}, offer=("a:two", "a:one")),
            )
        ),
        Block(first=(Outcome(offers=1, say="found"), Outcome(say="none"))),
    ),
)


def answered(**answers):
    state = guides.begin(SCAM, {}, NOW)
    for step, choice in answers.items():
        state = guides.answer(state, step, choice, NOW)
    return state


def test_questions_come_in_order_and_end():
    state = guides.begin(SCAM, {}, NOW)
    asked = []
    while (step := guides.next_step(SCAM, state)) is not None:
        asked.append(step.name)
        state = guides.answer(state, step.name, step.choices[0], NOW)
    assert asked == ["where", "age", "pay", "sure"]


def test_what_is_known_is_not_asked():
    state = guides.begin(SCAM, {"country": "GT"}, NOW)
    assert guides.next_step(SCAM, state).name == "age"
    assert guides.begin(SCAM, {"country": "XX"}, NOW)["answers"] == {"where": "other"}


@pytest.mark.parametrize(
    ("answers", "say", "offer"),
    [
        ({"pay": "yes", "sure": "yes", "age": "adult", "where": "other"}, ("danger", "none"), ()),
        (
            {"pay": "yes", "sure": "no", "age": "minor", "where": "HN"},
            ("careful", "found"),
            ("a:one", "a:two"),
        ),
        (
            {"pay": "unsure", "sure": "no", "age": "adult", "where": "GT"},
            ("ok", "found"),
            ("a:two", "a:one"),
        ),
    ],
)
def test_what_follows_from_the_answers(answers, say, offer):
    found = guides.results(SCAM, answered(**answers))
    assert found.say == say
    assert found.offer == offer


def test_an_answer_may_be_changed():
    state = answered(pay="yes", sure="yes")
    assert guides.results(SCAM, guides.answer(state, "pay", "no", NOW)).red == ("sure",)


def test_after_a_day_it_is_forgotten():
    state = answered(pay="yes")
    assert guides.current(state, NOW + 23 * 3600) == state
    assert guides.current(state, NOW + 25 * 3600) is None
    assert guides.current(None, NOW) is None


@pytest.mark.parametrize(
    ("step", "text", "reply", "country", "choice"),
    [
        ("pay", "sí, mi tío me lo dijo", "yes", None, "yes"),
        ("pay", "ocupo dinero", None, None, None),
        ("age", "mi hija tiene 12 años", None, None, "minor"),
        ("age", "menor", None, None, "minor"),
        ("age", "de", None, None, None),
        ("pay", "sii", "yes", None, "yes"),
        ("sure", "no se", "unsure", None, None),
        ("age", "tengo 15 años", None, None, "minor"),
        ("age", "21", None, None, "adult"),
        ("age", "mi hijo tiene 15 y se fue hace 3 días con un coyote", None, None, None),
        ("where", "estoy en honduras", None, "HN", "HN"),
        ("where", "nicaragua", None, "NI", "other"),
        ("pay", "honduras", None, "HN", None),
    ],
)
def test_typed_answers_are_understood(step, text, reply, country, choice):
    titles = {"minor": "Menor de 18", "adult": "Mayor de edad", "other": "Otro país"}
    found = guides.understand(
        SCAM.step(step),
        text,
        lambda said: reply if said in (text, "sí") else None,
        lambda _: country,
        {name: titles.get(name, name) for name in SCAM.step(step).choices},
    )
    assert found == choice


def test_a_text_that_begins_with_yes_is_one_but_a_no_may_be_anything():
    def replies(word):
        return {"si": "yes", "no": "no"}.get(word)

    assert guides.begins(SCAM.step("pay"), "si que no le diga a nadie", replies) == "yes"
    assert guides.begins(SCAM.step("pay"), "no entiendo", replies) is None
    assert guides.begins(SCAM.step("where"), "si", replies) is None


def test_a_quiz_asks_a_few_by_chance():
    quiz = Guide(
        "quiz", tuple(Step(f"q{n}", ("fact", "myth"), right="myth") for n in range(9)), (), pick=5
    )
    drawn = {tuple(guides.begin(quiz, {}, NOW)["steps"]) for _ in range(40)}
    assert all(len(steps) == 5 for steps in drawn)
    assert len(drawn) > 1
    state = guides.begin(quiz, {}, NOW)
    for name in state["steps"]:
        state = guides.answer(state, name, "myth", NOW)
    assert guides.results(quiz, state).right == 5


def test_a_guide_with_a_missing_phrase_or_a_strange_choice_is_named():
    bad = Guide(
        "bad", (Step("one", ("yes",), red=("maybe",)),), (Block(first=(Outcome(say="a:gone"),)),)
    )
    found = "\n".join(guides.problems({"bad": bad}, {}, []))
    for part in ("maybe is no choice", "phrase ask_bad_one is missing", "no answer gone"):
        assert part in found


def test_every_combination_of_answers_leads_somewhere():
    """Walk all of them: nobody ends a guided conversation without a word."""
    from itertools import product

    for guide in read_content(ROOT).guides.values():
        if guide.pick:
            continue
        names = [step.name for step in guide.steps]
        for choices in product(*(step.choices for step in guide.steps)):
            state = {"steps": names, "answers": dict(zip(names, choices, strict=True))}
            found = guides.results(guide, state)
            assert found.say, (guide.name, choices)
            assert len(found.offer) <= 8, (guide.name, choices, found.offer)
