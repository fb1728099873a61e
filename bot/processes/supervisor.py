"""``faro run``: everything on one machine, from one command, and everything stopped by Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError

from rich.console import Console

from bot import settings
from bot.content import live
from bot.content.codec import ContentError
from bot.content.model import Release
from bot.processes.models import current_model, newest_model
from bot.runtime import embedded_redis

READY_SECONDS = 120.0
STOP_SECONDS = 15.0
RESTART_SECONDS = 1.0

console = Console(highlight=False)


def run(workers: int) -> int:
    """Start all parts, keep them running, stop them together. Return the exit code."""
    address = f"http://{settings.get('FARO_HOST')}:{settings.get('FARO_PORT')}"
    try:
        _check_port()
        with ExitStack() as stack:
            environment = _environment()
            if not settings.get("REDIS_URL"):
                folder = settings.var_folder() / "redis"
                redis = _Part("store", [], environment)
                redis.process = embedded_redis.start(folder)
                redis.restart = lambda: embedded_redis.start(folder)
                stack.callback(redis.stop)
                environment["REDIS_URL"] = os.environ["REDIS_URL"] = embedded_redis.url(folder)
                _say("store", f"Redis, its data in {os.path.relpath(folder)}/")
                parts = [redis]
            else:
                _say("store", "the Redis at REDIS_URL")
                parts = []
            release = live.publish_files()
            _say("release", f"number {release.number}, {_size(release)}")
            _model()
            roles = ["web", *["worker"] * workers, "sender"]
            for role in roles:
                command = [sys.executable, "-m", "bot", "run", "--role", role]
                part = _Part(role, command, environment)
                part.begin()
                stack.callback(part.stop)
                parts.append(part)
            signal.signal(signal.SIGTERM, lambda *_: _interrupt())
            _wait_until_ready(address, parts)
            if environment.get("SIMULATED"):
                # What staff do once for a real network: menus, commands, where to call.
                setup = _Part("setup", [sys.executable, "-m", "channels.setup"], environment)
                setup.begin()
            _say_channels(environment)
            console.print(f"\nFaro is ready: [bold]{address}[/]   (Ctrl-C stops everything)")
            _watch(parts)
    except settings.SettingError as error:
        console.print(f"[red]Faro did not start.[/] {error}")
        return 1
    except ContentError as error:
        console.print("[red]Faro did not start: the content has problems.[/]")
        for problem in error.problems[:20]:
            console.print(f"  {problem}", markup=False)
        console.print("Mend them and run again; `faro content check` lists all of them.")
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped.")
    return 0


class _Part:
    """One child process, started again when it dies."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.restart = self._start

    def _start(self) -> subprocess.Popen[bytes]:
        log = (_logs() / f"{self.name}.log").open("ab")
        return subprocess.Popen(  # noqa: S603 - our own arguments
            self._command,
            cwd=settings.ROOT,
            env=self._environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def begin(self) -> None:
        self.process = self._start()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        process = self.process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _check_port() -> None:
    host, port = settings.get("FARO_HOST"), settings.get("FARO_PORT")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, OverflowError, ValueError) as error:
            raise settings.SettingError(
                f"Port {port} cannot be used ({error}). Choose another: FARO_PORT=8090 make run"
            ) from error


def _environment() -> dict[str, str]:
    """Return the children's environment: our keys, and stand-ins for the channels not connected."""
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    keys_ = settings.secret_keys()
    environment["FARO_PSEUDONYM_KEY"], environment["FARO_VAULT_KEY"] = keys_.pseudonym, keys_.vault
    if settings.get("FARO_ENV") != "production":
        from channels.simulator.credentials import simulated

        environment |= simulated(environment)
    return environment


def _model() -> None:
    if model := current_model():
        _say("model", model.name)
        return
    began = time.monotonic()
    log_path = _logs() / "train.log"
    command = [sys.executable, "-m", "bot", "train"]
    with (
        log_path.open("wb") as log,
        console.status("model     training from data/nlu/, about a minute ..."),
    ):
        trained = subprocess.run(command, cwd=settings.ROOT, stdout=log, stderr=log)  # noqa: S603
    model = newest_model()
    if trained.returncode or model is None:
        raise settings.SettingError(f"Training failed; {log_path} says why.")
    _say("model", f"trained in {time.monotonic() - began:.0f} s")


def _wait_until_ready(address: str, parts: list[_Part]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with console.status("starting  web, worker, sender ..."):
        while time.monotonic() < deadline:
            for part in parts:
                if part.died():
                    raise settings.SettingError(
                        f"The {part.name} process ended; {_logs() / part.name}.log says why."
                    )
            try:
                with urllib.request.urlopen(f"{address}/health/ready", timeout=2) as answer:  # noqa: S310 - our own address
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                pass
            time.sleep(0.2)
    raise settings.SettingError(f"Not ready after {READY_SECONDS:.0f} s; look into {_logs()}/.")


def _watch(parts: list[_Part]) -> None:
    """Start again whatever dies, until interrupted."""
    while True:
        time.sleep(RESTART_SECONDS)
        for part in parts:
            if part.died():
                console.print(f"{part.name:<9} ended and is started again")
                part.process = part.restart()


def _say_channels(environment: dict[str, str]) -> None:
    simulated = set(filter(None, environment.get("SIMULATED", "").split(",")))
    for channel, secret in (
        ("whatsapp", "TWILIO_WHATSAPP_FROM"),
        ("sms", "TWILIO_SMS_FROM"),
        ("telegram", "TELEGRAM_TOKEN"),
    ):
        if channel in simulated:
            _say(channel, f"simulated in the browser (set {secret} and the rest for the real one)")
        elif environment.get(secret):
            _say(channel, "connected to the real network")
        else:
            _say(channel, f"off: {secret} is not set")


def _say(part: str, what: str) -> None:
    console.print(f"[green]✓[/] {part:<9} {what}")


def _size(release: Release) -> str:
    content = release.content
    return (
        f"{len(content.facts)} facts, {len(content.answers['es'])} answers, "
        f"{len(content.answers)} languages"
    )


def _logs() -> Path:
    folder = settings.var_folder() / "logs"
    folder.mkdir(exist_ok=True)
    return folder


def _interrupt() -> None:
    raise KeyboardInterrupt
