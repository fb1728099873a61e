"""What people ask in a trial, and what each question is answered with when nothing is broken.

The expected texts are not computed but heard: two people ask everything in peace, in opposite
orders. What both were told alike does not depend on what was said before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import yaml

from bot.chaos.person import Person
from bot.content.files import read_content
from bot.content.model import SOURCE_LANGUAGE
from bot.content.release import build
from bot.messages import InboundMessage
from bot.reflexes import Reflexes
from bot.settings import ROOT

LEAST_WORDS = 5
MOST = 8  # a minute of one person's; flood control lets ten pass
QUIET_SECONDS = 1.5  # nothing more follows an answer after such a pause
ANSWER_SECONDS = 60.0

# channel -> question -> the texts that answer it; "" is what is said at first contact
Answers = Mapping[str, Mapping[str, Sequence[str]]]
Heard = Callable[[Person], Sequence[str]]  # all texts a person got, in order


class NoAnswerError(RuntimeError):
    """The system does not even answer in peace."""


def candidates() -> list[str]:
    """Return a training phrase for each topic whose answer needs no country and no live source.

    What a reflex answers is left out: a crisis does not wait for the question before it.
    """
    content = read_content(ROOT)
    reflexes = Reflexes(lambda: build(content, 0))
    answers = content.answers[SOURCE_LANGUAGE]
    live = [f"{{{name}" for name, fact in content.facts.items() if fact.live]
    found = []
    for topic, words in _phrases():
        answer = answers.get(topic)
        if answer is None or answer.asks or answer.countries:
            continue
        reflex = reflexes(InboundMessage("sms", "trial", "1", text=words))
        if not (reflex.replies or reflex.flags or any(n in answer.general.text for n in live)):
            found.append(words)
    return found


def _phrases() -> Iterator[tuple[str, str]]:
    """Yield each topic with its first phrase that is a whole question."""
    for path in sorted((ROOT / "data" / "nlu" / SOURCE_LANGUAGE).glob("*.yml")):
        if path.name == "chat.yml":  # greetings, languages, consent: they change the conversation
            continue
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or []:
            examples = str(block.get("examples", "")).splitlines()
            questions = [line[2:].strip() for line in examples if len(line.split()) > LEAST_WORDS]
            if questions:
                yield str(block.get("intent", "")).removeprefix("faq/"), questions[0]


def learn(make: Callable[[str, int], Person], heard: Heard) -> Answers:
    """Return what is answered; ``make`` returns a new person of a channel."""
    questions = candidates()[:MOST]
    said: dict[tuple[str, int], dict[str, list[str]]] = {}

    def ask(channel: str, number: int, order: Sequence[str]) -> None:
        said[channel, number] = _ask_in_peace(make(channel, number), order, heard)

    asking = [
        threading.Thread(target=ask, args=(channel, number, questions[:: 1 - 2 * number]))
        for channel in ("sms", "whatsapp")
        for number in (0, 1)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return {channel: _agreed(said, channel) for channel in ("sms", "whatsapp")}


def _ask_in_peace(person: Person, order: Sequence[str], heard: Heard) -> dict[str, list[str]]:
    answers: dict[str, list[str]] = {}
    for question in order:
        before = len(heard(person))
        person.write(question)
        texts = _settled(person, before, heard)
        if not answers:  # who writes for the first time is told who we are
            answers[""], texts = texts[:1], texts[1:]
        answers[question] = texts
    return answers


def _settled(person: Person, before: int, heard: Heard) -> list[str]:
    deadline, count, since = time.monotonic() + ANSWER_SECONDS, before, time.monotonic()
    while time.monotonic() < deadline:
        now = len(heard(person))
        if now > count:
            count, since = now, time.monotonic()
        elif count > before and time.monotonic() - since > QUIET_SECONDS:
            return list(heard(person)[before:])
        time.sleep(0.05)
    return []


def _agreed(
    said: Mapping[tuple[str, int], Mapping[str, list[str]]], channel: str
) -> dict[str, list[str]]:
    """Return what both were told alike; raise ``NoAnswerError`` if that is too little."""
    if not {(channel, 0), (channel, 1)} <= set(said):
        raise NoAnswerError(f"no answer on {channel}")
    one, other = said[channel, 0], said[channel, 1]
    alike = {key: texts for key, texts in one.items() if texts and texts == other.get(key)}
    texts = [text for answer in alike.values() for text in answer]
    if "" not in alike or len(alike) < 3 or len(texts) != len(set(texts)):
        raise NoAnswerError(f"answers on {channel} cannot be told apart: {len(alike)} alike")
    return alike
