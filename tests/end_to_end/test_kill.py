"""Nothing acknowledged is lost and nothing is answered twice, whichever part is killed."""

import random
import threading
import time

import pytest

from tests.end_to_end.system import (
    Faro,
    Person,
    RecordingTwilio,
    twilio_settings,
    wait_for,
)

PEOPLE = 12
ROUNDS = 5


@pytest.fixture
def twilio():
    server = RecordingTwilio()
    yield server
    server.stop()


def test_killing_any_part_loses_nothing_that_was_acknowledged(twilio, model, tmp_path):
    faro = Faro(tmp_path, **twilio_settings(twilio))
    try:
        faro.wait_until_ready()
        people = [Person(faro, f"+5049955{n:04d}") for n in range(PEOPLE)]
        acknowledged: dict[str, list[int]] = {person.address: [] for person in people}

        def write(person: Person) -> None:
            for number in range(ROUNDS):
                sid = f"SM{person.address[-4:]}{number:028d}"
                # As a provider does: again until it is acknowledged, and once more after that.
                for _ in range(60):
                    if person.write(f"numero {number}: como pido refugio en mexico", sid) in (
                        200,
                        204,
                    ):
                        acknowledged[person.address].append(number)
                        person.write(f"numero {number}: como pido refugio en mexico", sid)
                        break
                    time.sleep(0.5)
                time.sleep(random.uniform(0.1, 0.6))

        writers = [threading.Thread(target=write, args=(person,)) for person in people]
        for writer in writers:
            writer.start()
        for part in ("worker", "sender", "redis", "web", "worker", "redis"):
            time.sleep(2.5)
            faro.kill(part)
        for writer in writers:
            writer.join()
        assert all(numbers == list(range(ROUNDS)) for numbers in acknowledged.values())

        def complete() -> bool:
            return all(len(got) >= ROUNDS + 1 for got in received(twilio, people).values())

        wait_for(complete, 90)
        for person, bodies in received(twilio, people).items():
            answered = [body for body in bodies if "30 dias" in body]
            assert len(answered) == ROUNDS, (person, len(bodies))
    finally:
        faro.stop()


def received(twilio, people):
    return {
        person.address: [m["Body"] for m in twilio.messages if m["To"] == person.address]
        for person in people
    }
