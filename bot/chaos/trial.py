"""A trial: people write, each message twice, while processes of the system are killed.

What counts as acknowledged is what a provider counts: an HTTP 2xx. Until then it repeats, and
here it repeats once more after that.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from redis.exceptions import RedisError

from bot.chaos.judge import Verdict, judge
from bot.chaos.person import ACKNOWLEDGED, Person
from bot.chaos.questions import Answers, learn
from bot.chaos.system import PARTS, Faro, NotReadyError, wait_for
from bot.chaos.twilio import RecordingTwilio
from bot.runtime import keys

WRITERS = 24
PROVIDER_SECONDS = 0.06  # a call takes up to so long
REPEAT_SECONDS = 0.25  # after which the provider posts again what was not acknowledged
GIVE_UP_SECONDS = 300.0  # without any progress
LOOK_UP_SECONDS = 90.0  # what is looked up at the provider a minute later has arrived by then

Say = Callable[[str], None]
Attack = Callable[[Callable[[], int], int], None]  # told how many texts arrived, of how many


@dataclass(frozen=True)
class Result:
    """What a trial found; ``unsent`` are replies that still lie in the store."""

    messages: int
    kills: int
    lost: int
    duplicate_replies: int
    out_of_order: int
    unsent: int

    @property
    def clean(self) -> bool:
        return not (self.lost or self.duplicate_replies or self.out_of_order or self.unsent)


class Trial:
    """One run; ``folder`` is where the system keeps its store and logs."""

    repeat_seconds = REPEAT_SECONDS
    give_up_seconds = GIVE_UP_SECONDS

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 2,
        seed: int | None = None,
        say: Say = lambda _: None,
        **settings: str,
    ) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a game, no secret
        self.say = say
        self.twilio = RecordingTwilio(PROVIDER_SECONDS)
        self.faro = Faro(folder, workers=workers, **self.twilio.settings(), **settings)
        self.killed = dict.fromkeys(PARTS, 0)
        self.strange: list[str] = []
        self.answered: Counter[int] = Counter()  # webhooks by HTTP status; 0: by nobody
        self._acknowledged = 0

    def close(self) -> None:
        self.faro.stop()
        self.twilio.stop()

    def run(self, messages: int, kills: int) -> Result:
        """Let ``messages`` be written and ``kills`` processes die; return what came of it."""
        return self.under(messages, lambda done, wanted: self._kill(kills, done, wanted))

    def under(self, messages: int, attack: Attack) -> Result:
        """Let ``messages`` be written under an attack; return what came of it."""
        self.faro.wait_until_ready()
        self.say("ready; listening to the answers in peace")
        answers = learn(self._stranger, self._heard)
        people = self._people(messages, answers)
        wanted = sum(len(self._line(person, asked, answers)) for person, asked in people)
        before = len(self.twilio.messages)
        self.say(f"{len(people)} people write {messages} messages, each posted twice")
        writers = self._write(people)
        attack(lambda: len(self.twilio.messages) - before, wanted)
        for writer in writers:
            writer.join()
        self.settle(lambda: len(self.twilio.messages) - before >= wanted)
        verdict = self._judge(people, answers)
        return Result(
            messages,
            sum(self.killed.values()),
            verdict.lost,
            verdict.duplicate_replies,
            verdict.out_of_order,
            self._unsent(),
        )

    # -- people ------------------------------------------------------------------------------

    def _stranger(self, channel: str, number: int) -> Person:
        prefix = "whatsapp:" if channel == "whatsapp" else ""
        return Person(self.faro, f"+5049900{number:04d}", prefix)

    def _people(self, messages: int, answers: Answers) -> list[tuple[Person, list[str]]]:
        """Return who writes what; half of them on each channel."""
        people: list[tuple[Person, list[str]]] = []
        while messages > 0:
            number = len(people)
            person = Person(self.faro, f"+504{95_000_000 + number}", ("", "whatsapp:")[number % 2])
            questions = [question for question in answers[person.channel] if question]
            asked = self._random.sample(questions, min(messages, len(questions)))
            people.append((person, asked))
            messages -= len(asked)
        return people

    def _write(self, people: Sequence[tuple[Person, list[str]]]) -> list[threading.Thread]:
        waiting: SimpleQueue[tuple[Person, list[str]]] = SimpleQueue()
        for both in people:
            waiting.put(both)

        def work() -> None:
            while True:
                try:
                    person, asked = waiting.get_nowait()
                except Empty:
                    return
                for question in asked:
                    self._post_twice(person, question)

        writers = [threading.Thread(target=work) for _ in range(min(WRITERS, len(people)))]
        for writer in writers:
            writer.start()
        return writers

    def _post_twice(self, person: Person, question: str) -> None:
        sid = person.new_sid()

        def acknowledged() -> bool:
            status = person.write(question, sid)
            self.answered[status] += 1
            return status in ACKNOWLEDGED

        if wait_for(acknowledged, self.give_up_seconds, every=self.repeat_seconds):
            self._acknowledged += 1
            person.write(question, sid)

    # -- killing and waiting -----------------------------------------------------------------

    def _kill(self, kills: int, done: Callable[[], int], wanted: int) -> None:
        """Kill one process after the other, spread over the work, each kind in turn."""
        order: list[str] = []
        while len(order) < kills:
            order += self._random.sample(PARTS, len(PARTS))
        for number, part in enumerate(order[:kills], 1):
            due = wanted * number / (kills + 1)
            self.settle(lambda due=due: done() >= due)  # type: ignore[misc]
            # It may just be being started again.
            if not wait_for(lambda part=part: self.faro.kill(part, 1), GIVE_UP_SECONDS):  # type: ignore[misc]
                raise NotReadyError(f"There was no {part} process to kill.")
            self.killed[part] += 1
            self.say(f"killed {part}; {done()} of {wanted} texts had arrived")

    def settle(self, complete: Callable[[], bool]) -> None:
        """Return when it is complete, or when nothing happens any more."""
        seen, since = -1, time.monotonic()
        while not complete():
            now = len(self.twilio.messages) + self._acknowledged
            if now != seen:
                seen, since = now, time.monotonic()
            idle = time.monotonic() - since
            if idle > self.give_up_seconds or (idle > LOOK_UP_SECONDS and not self._unsent()):
                return
            time.sleep(0.02)

    # -- what came of it ---------------------------------------------------------------------

    def _line(self, person: Person, asked: Sequence[str], answers: Answers) -> list[str]:
        known = answers[person.channel]
        return [*known[""], *(text for question in asked for text in known[question])]

    def _judge(self, people: Sequence[tuple[Person, list[str]]], answers: Answers) -> Verdict:
        time.sleep(2.0)  # what comes too often comes at the end
        verdict = Verdict()
        for person, asked in people:
            known = answers[person.channel]
            expected = [list(known[question]) for question in asked]
            expected[0] = [*known[""], *expected[0]]
            got = self._heard(person)
            verdict += judge(expected, got)
            line = self._line(person, asked, answers)
            self.strange += [text for text in got if text not in line]
        return verdict

    def _heard(self, person: Person) -> list[str]:
        taken = self.twilio.messages[:]
        return [m.get("Body", "") for m in taken if m["To"] == person.address]

    def _unsent(self) -> int:
        """Return how many messages and replies wait in the store, or were set aside."""
        try:
            streams = [
                name(n) for name in (keys.inbox, keys.outbox) for n in range(keys.PARTITIONS)
            ]
            waiting = sum(int(self.faro.redis.xlen(stream)) for stream in streams)
            aside = int(self.faro.redis.xlen(keys.DEAD_LETTERS))
            return waiting + aside + int(self.faro.redis.zcard(keys.LATER))
        except RedisError:
            return -1
