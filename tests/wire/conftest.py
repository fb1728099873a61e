"""Starts the judges, which ``make test`` and ``make wire`` install."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.wire import twilio_spec

FOLDER = Path(__file__).parent
PRISM = FOLDER / "node_modules/.bin/prism"
PYTHON = FOLDER / ".venv/bin/python"
START_SECONDS = 60

collect_ignore = ["telegram_judge.py"]  # runs in another virtual environment


@pytest.fixture(scope="session")
def twilio_description(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    assert PRISM.exists(), "Twilio's judge is not installed: make wire-tools"
    path = tmp_path_factory.mktemp("twilio") / "twilio.json"
    return path, twilio_spec.build(path)


@pytest.fixture(scope="session")
def twilio_url(twilio_description: tuple[Path, dict[str, Any]]) -> Iterator[str]:
    port = _free_port()
    command = [str(PRISM), "mock", "-p", str(port), "--errors", str(twilio_description[0])]
    with _running(command, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def telegram_url() -> Iterator[str]:
    assert PYTHON.exists(), "Telegram's judge is not installed: make wire-tools"
    port = _free_port()
    with _running([str(PYTHON), str(FOLDER / "telegram_judge.py"), str(port)], port):
        yield f"http://127.0.0.1:{port}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"http://127.0.0.1:{port}/")
                break
            assert process.poll() is None, "the judge has ended"
            assert time.monotonic() < until, "the judge did not start"
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(10)
