"""The files in deploy/ agree with each other, with the settings and with the handbook."""

import re

import pytest
import yaml

from bot import settings
from bot.settings import ROOT
from tests.end_to_end.deployment import (
    DEPLOY,
    METRICS,
    ROLES,
    SECRETS,
    STAFF_ROLES,
    compose,
    console_settings,
    dashboard,
    image_environment,
    kubernetes,
)


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
