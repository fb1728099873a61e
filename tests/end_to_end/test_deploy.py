"""The files in deploy/ against the real thing: each role is started as they say."""

import json
import os
import re
import subprocess
import sys

import httpx
import pytest
import yaml

from bot import settings
from bot.chaos.system import free_port
from bot.runtime import embedded_redis
from bot.settings import ROOT
from tests.end_to_end.system import Person, RecordingTwilio, wait_for

DEPLOY = ROOT / "deploy"
ROLES = ("web", "worker", "sender")
PASSWORD = "a-password"
# What docs/operate.md says that deploy/.env must hold.
SECRETS = {
    "FARO_PSEUDONYM_KEY": "a-pseudonym-key",
    "FARO_VAULT_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
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


class Deployment:
    """One process for each container, with its environment and nothing else of ours."""

    def __init__(self, folder, twilio):
        self.folder, self.port, self.store_port = folder, free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(timeout=15)
        self._twilio = twilio
        self.metrics = {role: free_port() for role in (*ROLES, "publish")}
        self.processes = {}

    def environment(self, role):
        service = compose()["services"][role]
        given = {**image_environment(), **service["environment"]}
        given["REDIS_URL"] = (
            re.sub(r"\$\{REDIS_PASSWORD[^}]*\}", PASSWORD, given["REDIS_URL"])
        ).replace("store:6379", f"127.0.0.1:{self.store_port}")
        assert given["FARO_METRICS"] == METRICS
        return {
            **given,
            **SECRETS,
            **self._twilio.settings(),
            "PATH": os.environ["PATH"],
            "PUBLIC_BASE_URL": self.url,
            "FARO_VAR": str(self.folder / role),
            "FARO_PORT": str(self.port),
            "FARO_METRICS": f"0.0.0.0:{self.metrics[role]}",
        }

    def start(self, role):
        program, *arguments = compose()["services"][role]["command"]
        assert program == "faro"
        (self.folder / role).mkdir()
        with (self.folder / f"{role}.log").open("wb") as log:
            self.processes[role] = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                cwd=ROOT,
                env=self.environment(role),
                stdout=log,
                stderr=log,
            )
        return self.processes[role]

    def start_store(self):
        _, *options = compose()["services"]["store"]["command"]
        options = [PASSWORD if option == "${REDIS_PASSWORD}" else option for option in options]
        (self.folder / "store").mkdir()
        where = ["--port", str(self.store_port), "--dir", str(self.folder / "store")]
        self.processes["store"] = subprocess.Popen(
            [embedded_redis.executable(), *options, *where], stdout=subprocess.DEVNULL
        )

    def get(self, path, port=None):
        """Return status and text, (0, "") while nobody answers."""
        try:
            answer = self.http.get(f"http://127.0.0.1:{port or self.port}{path}")
        except httpx.HTTPError:
            return 0, ""
        return answer.status_code, answer.text

    def said(self):
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def stop(self):
        codes = {}
        for role in (*ROLES, "store"):
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
    assert deployment.start("publish").wait(60) == 0, deployment.said()
    assert "Release 1 is live." in deployment.said()
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

    assert deployment.stop() == {"web": 0, "worker": 0, "sender": 0, "store": 0}
    assert "Unclosed" not in deployment.said()


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


@pytest.mark.parametrize("role", [*ROLES, "publish"])
def test_kubernetes_starts_what_compose_starts(role):
    service = compose()["services"][role]
    kind, container = kubernetes()[f"faro-{role}"]
    assert kind == ("Job" if role == "publish" else "Deployment")
    assert container["command"] == service["command"]
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


def test_prometheus_looks_where_the_metrics_are():
    asked = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    [job] = asked["scrape_configs"]
    [found] = job["dns_sd_configs"]
    assert (set(found["names"]), found["port"]) == (set(ROLES), int(METRICS.rpartition(":")[2]))


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_secrets_get_neither_into_git_nor_into_the_image(name):
    ignored = {line.strip("/") for line in (ROOT / name).read_text().splitlines()}
    assert {"deploy/.env", "var"} <= ignored
