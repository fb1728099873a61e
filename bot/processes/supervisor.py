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
from functools import partial
from urllib.error import URLError

from redis.exceptions import RedisError
from rich.console import Console

from bot import settings
from bot.content import live
from bot.content.codec import ContentError
from bot.content.model import Release
from bot.processes.models import current_model, newest_model
from bot.processes.parts import Part, logs_folder, python
from bot.runtime import embedded_redis, keys, live_model, metrics, store

READY_SECONDS = 120.0
SETUP_SECONDS = 30.0
WATCH_SECONDS = 0.5

console = Console(highlight=False, soft_wrap=True)


def run(workers: int) -> int:
    """Start all parts, keep them running, stop them together. Return the exit code."""
    for sign in (signal.SIGTERM, signal.SIGINT):  # a shell ignores SIGINT for what it starts with &
        signal.signal(sign, _interrupt)
    try:
        with ExitStack() as stack:
            _run(workers, stack)
    except settings.SettingError as error:
        console.print(f"[red]Faro did not start.[/] {error}")
        return 1
    except RedisError as error:
        console.print(f"[red]Faro did not start.[/] The store at REDIS_URL is away: {error}")
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


def _run(workers: int, stack: ExitStack) -> None:
    address = f"http://{settings.get('FARO_HOST')}:{settings.get('FARO_PORT')}"
    _check_port()
    environment = _environment()
    parts: list[Part] = []

    def begin(part: Part) -> None:
        stack.callback(part.stop)
        parts.append(part)

    if settings.get("REDIS_URL"):
        _say("store", "the Redis at REDIS_URL")
    else:
        folder = settings.var_folder() / "redis"
        begin(Part("store", partial(embedded_redis.start, folder)))
        environment["REDIS_URL"] = os.environ["REDIS_URL"] = embedded_redis.url(folder)
        _say("store", f"Redis, its data in {os.path.relpath(folder)}/")
    release = live.publish_files()
    _say("release", f"number {release.number}, {_size(release)}")
    console_setup = _begin_console(environment)
    _model()
    for role in ("web", "worker"):
        begin(Part(role, partial(python, role, environment, "bot", "run", "--role", role)))
    with console.status("starting  web, worker, sender ..."):
        if environment.get("SIMULATED"):
            # What staff do once for a real network: menus, commands, where to call.
            _wait_for(f"{address}/health/live", parts)
            python("setup", environment, "channels.setup").wait(SETUP_SECONDS)
        begin(
            Part("sender", partial(python, "sender", environment, "bot", "run", "--role", "sender"))
        )
        _wait_for(f"{address}/health/ready", parts)
    for _ in range(workers - 1):  # after the first, which they would only slow down
        work = partial(python, "worker", environment, "bot", "run", "--role", "worker")
        begin(Part("worker", work))
    if console_setup:
        signed_in = _finish_console(console_setup)
        begin(Part("console", partial(python, "console", environment, "console", "serve")))
    if settings.get("FARO_WATCH_HOURS"):
        command = ("bot", "run", "--role", "watcher")
        begin(Part("watcher", partial(python, "watcher", environment, *command)))
    _say_channels(environment)
    if console_setup:
        _say("console", f"for staff: http://127.0.0.1:{os.environ.get('CONSOLE_PORT') or 8090}")
        console.print(signed_in, style="bold", end="")
    console.print(f"\nFaro is ready: [bold]{address}[/]   (Ctrl-C stops everything)")
    while True:
        time.sleep(WATCH_SECONDS)
        for part in parts:
            if part.died():
                console.print(f"  {part.name:<9} ended and is started again")
                part.start_again()


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
    """Return what the children get besides our environment: keys, and stand-in channels."""
    secrets = settings.secret_keys()
    environment = {
        "RASA_TELEMETRY_ENABLED": "false",
        "FARO_PSEUDONYM_KEY": secrets.pseudonym,
        "FARO_VAULT_KEY": secrets.vault,
        metrics.FILES: str(metrics.files_folder()),
    }
    if settings.get("FARO_ENV") != "production":
        from channels.simulator.credentials import simulated

        environment |= simulated(os.environ)
    return environment


def _begin_console(environment: dict[str, str]) -> subprocess.Popen[str] | None:
    """Bring the console's database up to date, beside everything else that starts."""
    if settings.get("FARO_CONSOLE") == "off":
        return None
    return subprocess.Popen(
        [sys.executable, "-m", "console", "setup"],
        cwd=settings.ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _finish_console(setup: subprocess.Popen[str]) -> str:
    """Return what the console has to say to its first administrator."""
    said, _ = setup.communicate()
    if setup.returncode:
        raise settings.SettingError(f"The console did not start:\n{said}")
    return "".join(line for line in said.splitlines(True) if line.startswith(("Faro", "You")))


def _model() -> None:
    began = time.monotonic()
    model = current_model()
    if model is None:
        with console.status("model     training from data/nlu/, a minute or two ..."):
            trained = python("train", {}, "bot", "train").wait()
        model = current_model() or newest_model()
        if trained != 0 or model is None:
            raise settings.SettingError(f"Training failed; {logs_folder()}/train.log says why.")
        _say("model", f"trained in {time.monotonic() - began:.0f} s")
    redis = store.client(settings.get("REDIS_URL"))
    # A model that staff made in the console stays, until the files say something new.
    if redis.getset(keys.FILES_MODEL, model.name) != model.name.encode():
        live_model.activate(redis, model)
    _say("model", (redis.get(keys.LIVE_MODEL) or b"").decode())


def _wait_for(address: str, parts: list[Part]) -> None:
    """Wait until ``address`` answers 200; raise ``SettingError`` if a part ends before."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        for part in parts:
            if part.died():
                raise settings.SettingError(
                    f"The {part.name} process ended; {logs_folder()}/{part.name}.log says why."
                )
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.1)
    raise settings.SettingError(
        f"Not ready after {READY_SECONDS:.0f} s; look into {logs_folder()}."
    )


def _say_channels(environment: dict[str, str]) -> None:
    simulated = environment.get("SIMULATED", "").split(",")
    for channel, secret in (
        ("whatsapp", "TWILIO_WHATSAPP_FROM"),
        ("sms", "TWILIO_SMS_FROM"),
        ("telegram", "TELEGRAM_TOKEN"),
    ):
        if channel in simulated:
            _say(channel, "simulated in the browser; docs/channels.md says how to connect it")
        elif settings.get(secret):
            _say(channel, "connected to the real network")
        else:
            _say(channel, f"off: {secret} is not set")


def _say(part: str, what: str) -> None:
    console.print(f"[green]✓[/] {part:<9} {what}")


def _size(release: Release) -> str:
    content = release.content
    spanish = len(content.answers["es"])
    return f"{len(content.facts)} facts, {spanish} answers, {len(content.answers)} languages"


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
