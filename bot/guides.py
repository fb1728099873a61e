"""Guided conversations: a few questions with choices, then what follows from the answers.

Each one is data (``data/guides/<name>.yml``), read into the release, so that staff change a
question or an outcome without a developer and without training a model. That is why these are
not Rasa forms: a form's slots and its order live in the domain and its model, it fills slots
from whatever is typed, and an active form may not be cut out of a long conversation. Here the
whole state is one small slot, which is emptied when the conversation ends.

Pure: no clock, no store. The words are phrases: ``ask_<guide>_<step>`` asks,
``choice_<choice>`` is a button, ``flag_<guide>_<step>`` names a warning sign.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.places import fold

KEPT_FOR = 24 * 3600  # seconds after which an unfinished conversation is forgotten
# What may be typed instead of tapped: choices that have words in data/commands/.
REPLIES = (
    "yes", "no", "unsure", "myth", "fact", "numbers",
    "job", "visa", "trip", "loan", "child", "grown", "onway", "desert", "detained",
)  # fmt: skip
A_FEW_WORDS = 6  # a longer text with a number in it tells a story
ELSEWHERE = "other"  # the choice "another country"

State = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One question. Country codes among the choices need no phrase."""

    name: str
    choices: tuple[str, ...]
    known: str = ""  # slot (country, origin) that answers it, if it is filled
    red: tuple[str, ...] = ()  # answers that are a warning sign
    right: str = ""  # the right answer of a quiz; the answer <guide>_<step> then explains it
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # choice: from, to


@dataclass(frozen=True)
class Outcome:
    """What is said or offered if all its conditions hold."""

    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # step: any of these answers
    red: int = 0  # at least so many warning signs
    right: int = 0  # at least so many right answers
    offers: int = 0  # at least so many topics offered before it
    say: str = ""  # a phrase, or "a:<answer>"
    offer: tuple[str, ...] = ()  # payloads of buttons


@dataclass(frozen=True)
class Block:
    """Outcomes of which the first that holds counts, or every one."""

    first: tuple[Outcome, ...] = ()
    every: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class Guide:
    """One guided conversation. ``after`` lists the answers after which it is offered."""

    name: str
    steps: tuple[Step, ...]
    results: tuple[Block, ...]
    pick: int = 0  # ask only so many of the steps, chosen by chance
    after: tuple[str, ...] = ()

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)


@dataclass(frozen=True)
class Results:
    """What a finished conversation leads to."""

    say: tuple[str, ...]
    offer: tuple[str, ...]
    red: tuple[str, ...]  # the steps that showed a warning sign
    right: int


def begin(guide: Guide, known: Mapping[str, str | None], now: float) -> State:
    """Return the state before the first question, with what we know filled in."""
    steps = [step.name for step in guide.steps]
    if guide.pick:
        chosen = set(random.sample(steps, min(guide.pick, len(steps))))
        steps = [name for name in steps if name in chosen]
    answers = {}
    for step in guide.steps:
        place = known.get(step.known) if step.known else None
        if place and step.name in steps:
            answers[step.name] = place if place in step.choices else ELSEWHERE
    return {"name": guide.name, "steps": steps, "answers": answers, "at": now, "paused": False}


def current(state: object, now: float) -> State | None:
    """Return the state of a conversation that still goes on."""
    if not isinstance(state, dict) or now - float(state.get("at", 0)) > KEPT_FOR:
        return None
    return state


def told(guide: Guide, state: State) -> dict[str, str]:
    """Return what the answers say about the person: slot (country, origin) to country code."""
    said = state["answers"]
    return {
        step.known: said[step.name]
        for step in guide.steps
        if step.known and said.get(step.name, ELSEWHERE) != ELSEWHERE
    }


def next_step(guide: Guide, state: State) -> Step | None:
    """Return the question to ask now, None after the last."""
    for name in state["steps"]:
        step = guide.step(name)  # None: staff took it out in the meantime
        if step and name not in state["answers"]:
            return step
    return None


def answer(state: State, step: str, choice: str, now: float) -> State:
    """Return the state after an answer; a question answered before is answered anew."""
    answers = {**state["answers"], step: choice}
    return {**state, "answers": answers, "at": now, "paused": False}


def results(guide: Guide, state: State) -> Results:
    """Return what follows from the answers."""
    answers = state["answers"]
    asked = [step for step in guide.steps if step.name in answers]
    red = tuple(step.name for step in asked if answers[step.name] in step.red)
    right = sum(bool(step.right) and answers[step.name] == step.right for step in asked)
    say: list[str] = []
    offer: list[str] = []
    for block in guide.results:
        holding = (
            outcome
            for outcome in (*block.first, *block.every)
            if outcome.red <= len(red)
            and outcome.right <= right
            and outcome.offers <= len(offer)
            and all(answers.get(step) in any_of for step, any_of in outcome.when.items())
        )
        for outcome in [*holding][: None if block.every else 1]:
            if outcome.say and outcome.say not in say:
                say.append(outcome.say)
            offer += [payload for payload in outcome.offer if payload not in offer]
    return Results(tuple(say), tuple(offer), red, right)


def understand(
    step: Step,
    text: str,
    replies: Callable[[str], str | None],
    country: Callable[[str], str | None],
    titles: Mapping[str, str],
) -> str | None:
    """Return the choice that a typed text means, None if it is something else.

    ``replies`` recognises yes, no and the like in any language, ``country`` a text that is
    little more than the name of a country; ``titles`` are the words on the buttons.
    """
    numbers = re.findall(r"\d+", text)
    if len(numbers) == 1 and step.numbers and len(text.split()) <= A_FEW_WORDS:
        value = int(numbers[0])
        return next((c for c, (low, high) in step.numbers.items() if low <= value <= high), None)
    # "Sí, mi tío" is a yes; without the comma "si" also means "if".
    for part in (text, re.split(r"[,.;:]", text, maxsplit=1)[0]):
        said = replies(part)
        if said in step.choices:
            return said
    code = country(text)
    if code and any(choice.isupper() for choice in step.choices):
        return code if code in step.choices else ELSEWHERE
    words = {*fold(text).split()}
    named = [c for c in step.choices if words and words <= {*fold(titles[c]).split()}]
    return named[0] if len(named) == 1 else None


def begins(step: Step, text: str, replies: Callable[[str], str | None]) -> str | None:
    """Return the choice with which a text begins that says nothing else we understand.

    Not for a no: "no entiendo" is none. "Sí" and the like err towards caution.
    """
    said = replies(next(iter(text.split()), ""))
    return said if said in step.choices and said != "no" else None


def problems(
    guides: Mapping[str, Guide], phrases: Mapping[str, str], answers: Sequence[str]
) -> list[str]:
    """Return what is wrong with guides: words that are missing, places that do not exist."""
    found = []
    for guide in guides.values():
        where = f"data/guides/{guide.name}.yml"
        wanted = {f"choice_guide_{guide.name}"}
        for step in guide.steps:
            wanted.add(f"ask_{guide.name}_{step.name}")
            wanted |= {f"choice_{choice}" for choice in step.choices if not choice.isupper()}
            wanted |= {f"flag_{guide.name}_{step.name}"} if step.red else set()
            strange = {*step.red, *step.numbers, *filter(None, [step.right])} - {*step.choices}
            found += [f"{where}: {step.name}: {name} is no choice" for name in sorted(strange)]
        topics = {f"{guide.name}_{step.name}" for step in guide.steps if step.right}
        for outcome in (o for block in guide.results for o in (*block.first, *block.every)):
            said = [outcome.say, *outcome.offer]
            topics |= {name[2:] for name in said if name.startswith("a:")}
            wanted |= {outcome.say} if outcome.say and outcome.say[:2] != "a:" else set()
            found += [
                f"{where}: there is no step {name}" for name in outcome.when if not guide.step(name)
            ]
        found += [f"{where}: phrase {key} is missing" for key in sorted(wanted - {*phrases})]
        found += [
            f"{where}: there is no answer {name}"
            for name in sorted((topics | {*guide.after}) - {*answers})
        ]
    return found
