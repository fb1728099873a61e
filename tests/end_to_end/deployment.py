"""What the files in deploy/ say, and processes started as they say."""

import json
import os
import re
import subprocess
import sys

import httpx
import yaml
from redis import Redis
from redis.exceptions import RedisError

from bot.chaos.system import free_port
from bot.runtime import embedded_redis
from bot.settings import ROOT
from console import config
from tests.end_to_end.system import wait_for

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


def console_settings():
    return {name: default for name, default, _ in config.SETTINGS}


def dashboard():
    """Return the names of all metrics that the dashboard asks for."""
    asked = json.dumps(json.loads((DEPLOY / "grafana.json").read_text()))
    found = set(re.findall(r"\bfaro_\w+", asked))
    assert len(found) > 10
    return found


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
