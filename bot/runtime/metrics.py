"""What is counted and timed, for Prometheus. Names here, nothing of people anywhere.

Under ``faro run`` all processes write to files in ``var/metrics`` and the web process shows the
sum; a role started by itself shows its own. Always at ``FARO_METRICS``, which is this machine
only unless somebody says otherwise.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector
from redis.exceptions import RedisError

from bot import settings
from bot.runtime import store
from bot.runtime.watch import Watch

logger = logging.getLogger(__name__)

FILES = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name; read when it is first imported
_FAST = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_LONG = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)

ACKNOWLEDGED = Histogram(
    "faro_acknowledgement_seconds", "From a webhook to its answer", ["channel"], buckets=_FAST
)
REFUSED = Counter("faro_refused_requests", "Webhooks that were not taken", ["channel", "status"])
TURN = Histogram(
    "faro_turn_seconds", "What the assistant took for one message", ["channel"], buckets=_FAST
)
WAITED = Histogram(
    "faro_wait_seconds", "From receiving a message to its answer in the outbox", ["channel"],
    buckets=_LONG,
)  # fmt: skip
TURNS = Counter(
    "faro_turns", "Messages by outcome: answered, asked_back or failed", ["channel", "outcome"]
)
RETRIES = Counter("faro_retries", "Second and third tries", ["what"])
SENT = Counter("faro_sent", "Parts that a provider took", ["channel"])
PROVIDER_ERRORS = Counter(
    "faro_provider_errors", "Calls that a provider did not take", ["channel", "reason"]
)


_ASKED_BACK = ("ask_back", "not_understood")


def files_folder() -> Path:
    """Return an empty folder for the files of all processes of one ``faro run``."""
    folder = settings.var_folder() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def serve(*, summing: bool = False) -> None:
    """Show the metrics of this process, or with ``summing`` those of all beside it."""
    address = settings.get("FARO_METRICS")
    if not address or (os.environ.get(FILES) and not summing):
        return
    registry = REGISTRY
    if os.environ.get(FILES):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    if settings.get("REDIS_URL"):
        registry.register(_Stored())
    host, _, port = address.rpartition(":")
    try:
        start_http_server(int(port), host or "127.0.0.1", registry)
    except OSError as error:  # what is measured matters less than what is answered
        logger.warning("metrics.not_served address=%s error=%s", address, error.strerror)


class _Stored(Collector):
    """What only the store knows, read when Prometheus asks."""

    def __init__(self) -> None:
        self._watch = Watch(store.client(settings.get("REDIS_URL")))

    def collect(self) -> Iterable[Metric]:
        try:
            seen = self._watch.look()
        except RedisError:
            yield GaugeMetricFamily("faro_store_up", "Whether the store answers", value=0)
            return
        yield GaugeMetricFamily("faro_store_up", "Whether the store answers", value=1)
        length = GaugeMetricFamily("faro_queue_length", "Entries that wait", labels=["queue"])
        age = GaugeMetricFamily("faro_queue_age_seconds", "Age of the oldest", labels=["queue"])
        for queue in seen.queues:
            length.add_metric([queue.name], queue.length)
            age.add_metric([queue.name], queue.age)
        yield length
        yield age
        yield from _single(
            ("faro_dead_letters", "What could not be handled or sent", seen.dead),
            ("faro_release", "Number of the live release", seen.release or 0),
            ("faro_workers", "Workers that are alive", seen.workers),
            ("faro_senders", "Senders that are alive", seen.senders),
            ("faro_store_bytes", "Memory that the store uses", seen.store_bytes),
        )
        models = GaugeMetricFamily("faro_model", "Workers by the model they use", labels=["model"])
        for name in sorted(set(seen.models.values())):
            models.add_metric([name], list(seen.models.values()).count(name))
        yield models


def _single(*values: tuple[str, str, float]) -> Iterable[Metric]:
    for name, meaning, value in values:
        yield GaugeMetricFamily(name, meaning, value=value)


def outcome(about: dict[str, Any]) -> str:
    """Return what kind of answer a reply was, by what it says about itself."""
    if about.get("phrase") == "error_static":
        return "failed"
    return "asked_back" if about.get("phrase") in _ASKED_BACK else "answered"
