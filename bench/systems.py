"""The two sides, behind one face: start, ask, stop, and what they take of the machine."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from abc import ABC, abstractmethod
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from redis.asyncio import Redis

from bench.wire import Client, Provider, signed
from bot.chaos.system import free_port
from bot.settings import ROOT
from channels.deliveries import reference_of

ACCOUNT, TOKEN = "AC" + "1" * 32, "0123456789abcdef0123456789abcdef"
NUMBER = "+14155550101"
ANSWER_SECONDS = 60.0
READY_SECONDS = 240.0
WORKERS = os.cpu_count() or 1  # as many as `faro run` starts unless told otherwise


class System(ABC):
    """Base of both. ``processes`` are the parts we started; their children count as well."""

    name = ""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        self.port = free_port()
        self.client = Client(self.port)

    async def start(self) -> float:
        """Start it; return the seconds until the first question was answered."""
        began = time.monotonic()
        self.launch()
        while True:
            try:
                await self.ask(f"+5049{uuid.uuid4().int % 10**7:07d}", "hola por favor")
                return time.monotonic() - began
            except (OSError, asyncio.IncompleteReadError, RuntimeError):
                if time.monotonic() - began > READY_SECONDS:
                    raise
                await asyncio.sleep(0.1)

    @abstractmethod
    def launch(self) -> None:
        """Start the processes."""

    @abstractmethod
    async def ask(self, person: str, text: str) -> None:
        """Return when the person has the answer."""

    def spawn(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        with (folder / "bench.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
            )

    def stop(self) -> None:
        self.client.close()
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        self.processes.clear()

    def cpu_seconds(self) -> float:
        """Return the processor time that all its processes have taken so far."""
        ticks = 0
        for process in self.processes:
            for pid in [process.pid, *_children(process.pid)]:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> dict[str, float]:
        """Return the memory of each process; what processes share counts in part for each."""
        found: dict[str, float] = {}
        for process in self.processes:
            for pid in [process.pid, *_children(process.pid)]:
                arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
                found[f"{arguments[-40:].strip()} #{pid}"] = _proportional(pid)
        return found


class Vanilla(System):
    """``rasa run`` with Redis for conversations and locks, and an action server if asked for."""

    def __init__(
        self, name: str, folder: Path, python: Path, redis_port: int, action: bool
    ) -> None:
        super().__init__()
        self.name, self._folder, self._python, self._action = name, folder, python, action
        self._action_port = free_port()
        stores = {"url": "localhost", "port": redis_port, "db": 1, "type": "redis"}
        endpoints: dict[str, Any] = {"tracker_store": stores, "lock_store": dict(stores)}
        if action:
            endpoints["action_endpoint"] = {"url": f"http://127.0.0.1:{self._action_port}/webhook"}
        (folder / "endpoints.yml").write_text(json.dumps(endpoints))

    def launch(self) -> None:
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
        python = str(self._python)
        if self._action:
            self.spawn(
                [python, "-m", "rasa_sdk", "--actions", "actions", "-p", str(self._action_port)],
                self._folder,
                environment,
            )
        command = [python, str(ROOT / "bench" / "rasa_command.py"), "run", "-p", str(self.port)]
        options = ["-i", "127.0.0.1", "--endpoints", "endpoints.yml"]
        credentials = ["--credentials", "credentials.yml"]
        self.spawn([*command, *options, *credentials], self._folder, environment)

    async def ask(self, person: str, text: str) -> None:
        body = json.dumps({"sender": person, "message": text}).encode()
        status = await self.client.post(
            "/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        if status != 200:
            raise RuntimeError(f"{self.name} answered {status}")


class Faro(System):
    """``faro run`` with everything it starts; asked by SMS, answered at the provider."""

    def __init__(
        self, folder: Path, redis_port: int, provider: Provider, workers: int = WORKERS
    ) -> None:
        super().__init__()
        counted = f", {workers} worker{'' if workers == 1 else 's'}"
        self.name = "faro" if workers == WORKERS else f"faro{counted}"
        self._folder, self.redis_port, self.workers = folder, redis_port, workers
        self._provider = provider
        provider.arrived = self._arrived
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._known: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    async def start(self) -> float:
        """Return when all workers are there; what counts is the first answer, of the first one."""
        seconds = await super().start()
        async with Redis(port=self.redis_port) as store:
            while True:
                if await store.zcard("readers:in") >= self.workers:
                    return seconds
                await asyncio.sleep(0.1)

    def launch(self) -> None:
        self._run("--workers", str(self.workers))

    def launch_role(self, role: str) -> None:
        """Start one of its processes by itself."""
        self._run("--role", role)

    async def listening(self) -> None:
        """Return when webhooks are taken."""
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return

    def _run(self, *arguments: str) -> None:
        ours = ("FARO_", "TWILIO_", "TELEGRAM_", "REDIS_", "PUBLIC_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        environment = {
            **clean,
            "FARO_PORT": str(self.port),
            "FARO_VAR": str(self._folder),
            "FARO_CONSOLE": "off",
            "FARO_METRICS": "",
            "FARO_CREDENTIALS": "bench/credentials.yml",
            "FARO_PER_MINUTE": "1000000",
            "FARO_PER_HOUR": "1000000",
            "FEDERAL_REGISTER_URL": "http://127.0.0.1:9/api/v1",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_SMS_FROM": NUMBER,
            "TWILIO_API_URL": f"http://127.0.0.1:{self._provider.port}",
            "PYTHONPATH": str(ROOT),
        }
        self.spawn([sys.executable, "-m", "bot", "run", *arguments], self._folder, environment)

    async def post(self, person: str, text: str, sid: str) -> None:
        """Return when the message is acknowledged."""
        fields = {
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": person,
            "To": NUMBER,
            "Body": text,
            "NumMedia": "0",
        }
        path = "/webhooks/sms/inbound"
        body, headers = signed(f"http://127.0.0.1:{self.port}{path}", fields, TOKEN)
        status = await self.client.post(path, body, headers)
        if status not in (200, 204):
            raise RuntimeError(f"faro answered {status}")

    async def ask(self, person: str, text: str) -> None:
        sid, answered = self.expect(person)
        try:
            await self.post(person, text, sid)
            await asyncio.wait_for(answered, ANSWER_SECONDS)
        finally:
            answered.cancel()

    def expect(self, person: str) -> tuple[str, asyncio.Future[float]]:
        """Return the id for a person's next message, and a future of when it is answered."""
        sid = f"SM{uuid.uuid4().hex}"
        number = 0 if person in self._known else 1  # who writes for the first time is greeted
        self._known.add(person)
        reference = reference_of(SimpleNamespace(key=f"sms:{sid}:{number}"), 0)  # type: ignore[arg-type]
        answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[reference] = answered
        return sid, answered

    def _arrived(self, reference: str) -> None:
        waiting = self._waiting.pop(reference, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(time.monotonic())


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    direct = [int(line) for line in listed.split()]
    return direct + [further for child in direct for further in _children(child)]


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
