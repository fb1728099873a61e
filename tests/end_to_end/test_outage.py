"""The store goes away and comes back; a process is asked to stop. Nothing acknowledged is lost."""

import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from redis import Redis

from bot.runtime import embedded_redis, keys
from tests.end_to_end.system import Faro, Person, RecordingTwilio, twilio_settings, wait_for

# Ten minutes pass in the same states as a few seconds: every wait in between is shorter.
AWAY_SECONDS = float(os.environ.get("OUTAGE_SECONDS", "8"))
QUESTION = "como pido refugio en mexico con la comar"


@pytest.fixture
def twilio():
    server = RecordingTwilio()
    yield server
    server.stop()


@pytest.fixture
def store(tmp_path):
    """A Redis beside Faro, as in production; not Faro's to start again."""
    folder = tmp_path / "store"
    server = [embedded_redis.start(folder)]
    yield folder, server
    server[0].kill()
    server[0].wait()


@pytest.fixture
def faro(twilio, store, model, tmp_path):
    folder = tmp_path / "faro"
    folder.mkdir()
    url = embedded_redis.url(store[0])
    system = Faro(folder, REDIS_URL=url, FARO_PER_MINUTE="1000", **twilio_settings(twilio))
    system.wait_until_ready()
    yield system
    system.stop()
    for log in sorted((folder / "logs").iterdir()):  # shown if the test failed
        print(f"-- {log.name}", log.read_text()[-4000:], sep="\n")


def bodies(twilio, person):
    return [m["Body"] for m in twilio.messages if m["To"] == person.address]


def test_a_store_that_is_away_is_an_honest_503_and_comes_back_by_itself(faro, store, twilio):
    folder, server = store
    people = [Person(faro, f"+5049966{n:04d}") for n in range(6)]
    for person in people:
        assert person.write(QUESTION) in (200, 204)
    server[0].kill()  # at once: most of these are not answered yet
    server[0].wait()
    late = Person(faro, "+50499669999")
    until = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < until:
        assert late.write(QUESTION, "SM" + "b" * 32) in (503, 0)
        time.sleep(0.5)
    assert urllib.request.urlopen(f"{faro.url}/health/live").status == 200
    server[0] = embedded_redis.start(folder)
    assert wait_for(lambda: late.write(QUESTION, "SM" + "b" * 32) in (200, 204), 30)
    everybody = [*people, late]
    wait_for(lambda: all(len(bodies(twilio, person)) >= 2 for person in everybody), 90)
    for person in everybody:
        assert sum("30 dias" in body for body in bodies(twilio, person)) == 1


def test_a_process_that_is_told_to_stop_finishes_what_it_holds(faro, store, twilio):
    people = [Person(faro, f"+5049967{n:04d}") for n in range(8)]
    for person in people:
        assert person.write(QUESTION) in (200, 204)
    for name in ("worker", "sender", "web"):
        for pid in faro.children(name):
            os.kill(pid, signal.SIGTERM)
    wait_for(lambda: all(len(bodies(twilio, person)) >= 2 for person in people), 90)
    answers = [[body for body in bodies(twilio, p) if "30 dias" in body] for p in people]
    assert [len(found) for found in answers] == [1] * len(people), twilio.messages


def test_another_model_reaches_every_worker_without_a_restart(faro, store, twilio, model):
    redis = Redis.from_url(embedded_redis.url(store[0]))
    before = faro.children("worker")
    other = Path(faro.folder) / "another.tar.gz"
    other.write_bytes(model.read_bytes())
    redis.set(keys.model_file(other.name), other.read_bytes())
    redis.set(keys.LIVE_MODEL, other.name)
    person = Person(faro, "+50499680001")
    sent = 0
    while sent < 100 and other.name.encode() not in redis.hvals(keys.WORKER_MODELS):
        assert person.write(f"{QUESTION} {sent}") in (200, 204)
        sent += 1
        time.sleep(0.3)
    assert redis.hvals(keys.WORKER_MODELS) == [other.name.encode()]
    assert faro.children("worker") == before
    assert wait_for(lambda: len(bodies(twilio, person)) == sent + 1, 30)


def test_figures_are_shown_to_this_machine_and_hold_no_person(faro, twilio):
    person = Person(faro, "+50499690001")
    person.write(QUESTION)
    wait_for(lambda: len(bodies(twilio, person)) >= 2)
    address = faro.settings["FARO_METRICS"]
    assert address.startswith("127.0.0.1:")
    shown = wait_for(lambda: _shown(address, "faro_sent_total"))
    for name in (
        'faro_acknowledgement_seconds_count{channel="sms"}',
        'faro_turn_seconds_count{channel="sms"}',
        'faro_turns_total{channel="sms",outcome="answered"}',
        'faro_queue_age_seconds{queue="inbox"}',
        "faro_dead_letters",
        "faro_release",
        "faro_model{",
    ):
        assert name in shown
    assert "9690001" not in shown
    status = subprocess.run(
        [*faro.command[:3], "status", "--json"],
        cwd=faro.root,
        env=faro.settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert '"ready": true' in status.stdout, status.stderr


def test_one_trace_leads_from_the_webhook_to_the_provider(faro, twilio):
    person = Person(faro, "+50499690002")
    person.write(QUESTION)
    wait_for(lambda: len(bodies(twilio, person)) >= 2)

    def traces(part, event):
        lines = (faro.folder / "logs" / f"{part}.log").read_text().splitlines()
        return {line.split("trace=")[1].split()[0] for line in lines if event in line}

    stored = traces("web", "message.stored")
    assert len(stored) == 1
    assert wait_for(lambda: traces("sender", "send.taken") == stored)
    assert traces("worker", "turn.done") == stored


def _shown(address, wanted):
    text = urllib.request.urlopen(f"http://{address}/metrics").read().decode()
    return text if wanted in text else ""
