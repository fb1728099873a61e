"""The files in deploy/ against the real thing: each role is started as they say."""

import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace

import httpx
import pytest
import yaml
from redis import Redis
from redis.exceptions import RedisError

from bot import settings
from bot.chaos.system import free_port
from bot.content import live
from bot.content import release as releases
from bot.content.files import read_content
from bot.runtime import embedded_redis, keys, live_model
from bot.settings import ROOT
from console import config
from tests.end_to_end.staff import OUTSIDE, Staff
from tests.end_to_end.system import Person, RecordingTwilio, wait_for
from tests.watch.site import Site

DEPLOY = ROOT / "deploy"
ROLES = ("web", "worker", "sender")
STAFF_ROLES = ("console", "watcher")  # they show no metrics
PASSWORD = "a-password"
CONSOLE = "https://consola.example.org"
# What docs/operate.md says that deploy/.env must hold.
SECRETS = {
    "FARO_PSEUDONYM_KEY": "a-pseudonym-key",
    "FARO_VAULT_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "CONSOLE_SECRET_KEY": "a-secret-key-that-signs-the-sessions-of-all-who-are-staff",
    "CONSOLE_URL": CONSOLE,
}
METRICS = "0.0.0.0:9464"


def compose():
    return yaml.safe_load((DEPLOY / "compose.yml").read_text())


def kubernetes():
    """Return name -> (kind, container)."""
    found = {}
    for path in sorted((DEPLOY / "kubernetes").glob("*.yml")):
        for document in yaml.safe_load_all(path.read_text()):
            if document["kind"] in ("Deployment", "Job"):
                [container] = document["spec"]["template"]["spec"]["containers"]
                found[document["metadata"]["name"]] = document["kind"], container
    return found


def image_environment():
    """Return what the image itself sets."""
    line = re.search(r"^ENV (.*)$", (DEPLOY / "Dockerfile").read_text(), re.M).group(1)
    return dict(pair.split("=", 1) for pair in line.split())


def filled_in(value):
    """Return a setting as compose passes it on: with what deploy/.env holds."""
    known = {**SECRETS, "REDIS_PASSWORD": PASSWORD}
    return re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda found: known[found.group(1)], str(value))


class Deployment:
    """One process for each container, with its environment and nothing else of ours."""

    def __init__(self, folder, twilio):
        self.folder, self.port, self.store_port = folder, free_port(), free_port()
        self.console_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(timeout=15)
        self._twilio = twilio
        self.metrics = {role: free_port() for role in (*ROLES, "publish")}
        self.processes = {}

    def environment(self, role):
        service = compose()["services"][role]
        set_there = {name: filled_in(value) for name, value in service["environment"].items()}
        assert set_there["FARO_METRICS"] == METRICS
        return {
            **image_environment(),
            **SECRETS,
            **self._twilio.settings(),
            **set_there,
            "PATH": os.environ["PATH"],
            "REDIS_URL": set_there["REDIS_URL"].replace(
                "store:6379", f"127.0.0.1:{self.store_port}"
            ),
            "PUBLIC_BASE_URL": self.url,
            "FARO_VAR": str(self.folder / role),
            "FARO_PORT": str(self.port),
            "CONSOLE_PORT": str(self.console_port),
            "FARO_METRICS": f"0.0.0.0:{self.metrics.get(role, 0)}",
        }

    def start(self, role, **more):
        program, *arguments = compose()["services"][role]["command"]
        assert program == "faro"
        (self.folder / role).mkdir(exist_ok=True)
        with (self.folder / f"{role}.log").open("wb") as log:
            self.processes[role] = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                cwd=ROOT,
                env={**self.environment(role), **more},
                stdout=log,
                stderr=log,
            )
        return self.processes[role]

    def publish(self):
        """Run the job; return what it said."""
        assert self.start("publish").wait(120) == 0, self.said("publish")
        return self.said("publish")

    def store(self):
        return Redis(port=self.store_port, password=PASSWORD)

    def start_store(self):
        _, *options = compose()["services"]["store"]["command"]
        options = [filled_in(option) for option in options]
        (self.folder / "store").mkdir()
        where = ["--port", str(self.store_port), "--dir", str(self.folder / "store")]
        self.processes["store"] = subprocess.Popen(
            [embedded_redis.executable(), *options, *where], stdout=subprocess.DEVNULL
        )
        assert wait_for(self._answers)  # as its health check wants, before anybody else starts

    def _answers(self):
        try:
            return self.store().ping()
        except RedisError:
            return False

    def get(self, path, port=None):
        """Return status and text, (0, "") while nobody answers."""
        try:
            answer = self.http.get(f"http://127.0.0.1:{port or self.port}{path}")
        except httpx.HTTPError:
            return 0, ""
        return answer.status_code, answer.text

    def said(self, role="*"):
        return "".join(path.read_text() for path in sorted(self.folder.glob(f"{role}.log")))

    def stop(self):
        codes = {}
        for role in (*ROLES, *STAFF_ROLES, "store"):
            if role in self.processes:
                self.processes[role].terminate()
                codes[role] = self.processes[role].wait(30)
        return codes


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


def console_settings():
    return {name: default for name, default, _ in config.SETTINGS}


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


def dashboard():
    """Return the names of all metrics that the dashboard asks for."""
    asked = json.dumps(json.loads((DEPLOY / "grafana.json").read_text()))
    found = set(re.findall(r"\bfaro_\w+", asked))
    assert len(found) > 10
    return found


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


def test_alerts_in_the_handbook_name_metrics_that_the_dashboard_knows():
    text = (ROOT / "docs" / "operate.md").read_text()
    assert set(re.findall(r"\bfaro_\w+", text)) <= dashboard()


@pytest.mark.parametrize("role", [*ROLES, *STAFF_ROLES, "publish"])
def test_kubernetes_starts_what_compose_starts(role):
    service = compose()["services"][role]
    kind, container = kubernetes()[f"faro-{role}"]
    assert kind == ("Job" if role == "publish" else "Deployment")
    assert container["command"] == service["command"]
    # Beside the secret, which holds what deploy/.env holds.
    from_env_file = {*compose()["x-faro"]["environment"], *SECRETS}
    given = {each["name"]: each["value"] for each in container.get("env", ())}
    for name in {*service["environment"], *given} - from_env_file:
        assert given[name] == service["environment"][name]
    if role in ROLES:
        assert {"name": "FARO_METRICS", "value": METRICS} in container["env"]
        assert {"containerPort": int(METRICS.rpartition(":")[2])} in container["ports"]
    [mount] = container["volumeMounts"]
    assert mount["mountPath"] == image_environment()["FARO_VAR"]


def test_probes_and_ports_are_those_of_the_web_process():
    port = int({name: default for name, default, _ in settings.SETTINGS}["FARO_PORT"])
    service = compose()["services"]["web"]
    _, container = kubernetes()["faro-web"]
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"127.0.0.1:{port}/health/live" in str(service["healthcheck"]["test"])
    for probe in ("livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"path": "/health/live", "port": port}
    assert f"EXPOSE {port}" in (DEPLOY / "Dockerfile").read_text()


def test_what_the_console_keeps_outlives_its_container():
    """In a volume that one process at a time writes to, and that belongs to its user."""
    where = image_environment()["FARO_VAR"]
    assert f"console:{where}" in compose()["services"]["console"]["volumes"]
    assert "console" in compose()["volumes"]
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "faro.yml").read_text()))
    named = {(each["kind"], each["metadata"]["name"]): each["spec"] for each in documents}
    deployed = named["Deployment", "faro-console"]
    pod = deployed["template"]["spec"]
    assert pod["volumes"] == [
        {"name": "var", "persistentVolumeClaim": {"claimName": "faro-console"}}
    ]
    assert ("PersistentVolumeClaim", "faro-console") in named
    assert pod["securityContext"]["fsGroup"] == 1000
    assert (deployed["replicas"], deployed["strategy"]) == (1, {"type": "Recreate"})
    port = int(console_settings()["CONSOLE_PORT"])
    assert compose()["services"]["console"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert named["Service", "faro-console"]["ports"][0]["targetPort"] == port


def test_prometheus_looks_where_the_metrics_are():
    asked = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    [job] = asked["scrape_configs"]
    [found] = job["dns_sd_configs"]
    assert (set(found["names"]), found["port"]) == (set(ROLES), int(METRICS.rpartition(":")[2]))


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_secrets_get_neither_into_git_nor_into_the_image(name):
    ignored = {line.strip("/") for line in (ROOT / name).read_text().splitlines()}
    assert {"deploy/.env", "var"} <= ignored
