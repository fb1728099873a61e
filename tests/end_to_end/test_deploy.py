"""The files in deploy/ against the real thing: each role is started as they say."""

import hashlib
import json
import re
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace

import httpx
import pytest

from bot.content import live
from bot.content import release as releases
from bot.content.files import read_content
from bot.runtime import keys, live_model
from bot.settings import ROOT
from tests.end_to_end.deployment import (
    CONSOLE,
    ROLES,
    SECRETS,
    Deployment,
    compose,
    console_settings,
    dashboard,
    kubernetes,
)
from tests.end_to_end.staff import OUTSIDE, Staff
from tests.end_to_end.system import Person, RecordingTwilio, wait_for
from tests.watch.site import Site


@pytest.fixture
def twilio():
    server = RecordingTwilio()
    yield server
    server.stop()


@pytest.fixture
def deployment(tmp_path, twilio, model):
    made = Deployment(tmp_path, twilio)
    yield made
    made.stop()


def test_what_is_deployed_answers_is_watched_and_stops_when_told(deployment, twilio):
    deployment.start_store()
    assert deployment.publish() == "Release 1 is live.\n"
    # As after an upgrade: the model that staff made live was made with other code.
    old = deployment.folder / "faro-staffs.tar.gz"
    old.write_bytes(b"cannot be loaded")
    live_model.activate(deployment.store(), old)
    for role in ROLES:
        deployment.start(role)
    ready = wait_for(lambda: deployment.get("/health/ready")[0] == 200, 60)
    assert ready, deployment.said()
    assert deployment.get("/")[0] == 404  # the simulator is not served

    person = Person(deployment, "+50499950001")
    assert person.write("como pido refugio en mexico con la comar") in (200, 204)
    assert wait_for(lambda: len(twilio.messages) >= 2, 30), deployment.said()

    shown = {role: deployment.get("/metrics", deployment.metrics[role])[1] for role in ROLES}
    for role in ROLES:
        assert dashboard() <= names(shown[role]), role
    assert 'faro_sent_total{channel="sms"} 2.0' in shown["sender"]
    assert f"model.refused name={old.name}" in deployment.said("worker")

    assert deployment.stop() == {"web": 0, "worker": 0, "sender": 0, "store": 0}
    assert "Unclosed" not in deployment.said()


def test_staff_publish_in_the_console_and_hear_what_the_watcher_saw(deployment, site):
    deployment.start_store()
    console = deployment.start("console")
    assert deployment.publish() == "Release 1 is live.\n"
    assert wait_for(lambda: is_healthy(deployment) or console.poll(), 300) is True, (
        deployment.said()
    )
    kept = sqlite3.connect(deployment.folder / "console" / "console.sqlite3")

    # Behind the proxy: cookies for https only, and each caller's own address.
    staff = Staff(CONSOLE, deployment.console_port)
    staff.sign_in("admin", "not the password")
    address = f"{SECRETS['CONSOLE_SECRET_KEY']}{OUTSIDE}".encode()
    assert kept.execute("select address from staff_attempt").fetchall() == [
        (hashlib.sha256(address).hexdigest(),)
    ]
    printed = re.search(r"sign in at (\S+) as .* password +(\S+)", deployment.said("console"))
    assert printed[1] == CONSOLE
    staff.begin("admin", printed[2])

    store = deployment.store()
    words = "El albergue de la terminal cerró hoy."
    assert staff.post("/banners/", hours=24, text_es=words, **{"put-up": "1"}) == "/banners/"
    assert store.get(keys.LIVE_RELEASE) == b"2", deployment.said()
    assert words in store.get(keys.release(2)).decode()
    # `docker compose up` starts the job again, `kubectl apply` makes it again.
    assert deployment.publish().startswith("Release 2 is live.\nIt is the one that staff published")
    assert store.get(keys.LIVE_RELEASE) == b"2"

    publish_with_one_source(store, 3, f"{site.url}/fees", deployment.folder)
    deployment.start("watcher", FARO_WATCH_HOURS="0.0002")
    assert wait_for(lambda: "watch.round first=1" in deployment.said("watcher"), 60)
    site.say("/fees", "The asylum application fee for Form I-589 is $560.")
    asked = "select details from insight_happening where type = 'fact.changed'"
    heard = wait_for(lambda: kept.execute(asked).fetchall(), 60)
    assert len(heard) == 1, deployment.said()
    assert "[-$100.-] {+$560.+}" in json.loads(heard[0][0])["detail"]

    stopped = deployment.stop()
    assert stopped.pop("console") in (0, -signal.SIGTERM)
    assert stopped == {"watcher": 0, "store": 0}


def is_healthy(deployment):
    """Return whether both health checks say so, each as it would be asked."""
    port = int(console_settings()["CONSOLE_PORT"])
    _, program, *arguments = compose()["services"]["console"]["healthcheck"]["test"]
    assert program == "python"
    arguments = [each.replace(f":{port}/", f":{deployment.console_port}/") for each in arguments]
    asked = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    if asked.returncode:
        return False
    _, container = kubernetes()["faro-console"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        get = container[probe]["httpGet"]
        assert get["port"] == port
        # A kubelet names the pod's address unless it is told otherwise.
        named = {"Host": f"10.244.0.7:{port}"} | {
            header["name"]: header["value"] for header in get.get("httpHeaders", ())
        }
        answer = httpx.get(
            f"http://127.0.0.1:{deployment.console_port}{get['path']}", headers=named
        )
        assert answer.status_code == 200, probe
        assert "Set-Cookie" not in answer.headers  # each would be a session that is kept
    return True


@pytest.fixture
def site():
    running = Site()
    running.say("/fees", "The asylum application fee for Form I-589 is $100.")
    yield running
    running.stop()


def publish_with_one_source(store, number, url, folder):
    """Make a release live whose only source is a page of ours: nobody else is asked."""
    content = read_content(ROOT)
    [*_, fee] = [fact for fact in content.facts.values() if fact.value == 100]
    content = replace(
        content,
        facts={
            name: replace(
                fact, live=None, source=replace(fact.source, url=url if fact is fee else None)
            )
            for name, fact in content.facts.items()
        },
    )
    live.publish(store, releases.build(content, number), folder)


def names(shown):
    """Return the names of all metrics in a page of them."""
    found = set()
    for line in shown.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            found |= (
                {name + end for end in ("_bucket", "_sum", "_count")}
                if kind == "histogram"
                else {name}
            )
    return found
