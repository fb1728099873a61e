"""A running Faro with its own folder, port and Redis, and a Twilio that records what it is sent."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
from twilio.request_validator import RequestValidator

from bot.settings import ROOT

ACCOUNT, TOKEN = "AC" + "1" * 32, "0123456789abcdef0123456789abcdef"
NUMBER = "+14155550101"
READY_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RecordingTwilio:
    """Takes messages as Twilio's API does and refuses what Twilio's OpenAPI would refuse."""

    KNOWN = frozenset(
        "To From Body MediaUrl StatusCallback ContentSid ContentVariables MessagingServiceSid "
        "PersistentAction ValidityPeriod ShortenUrls SmartEncoded ProvideFeedback".split()
    )

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        self.refused: list[str] = []
        twilio = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = twilio.take(self.path, dict(self.headers), body)
                raw = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, path: str, headers: dict[str, str], body: str) -> tuple[int, dict[str, object]]:
        form = dict(parse_qsl(body, keep_blank_values=True))
        login = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        problem = None
        if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            problem = f"unknown path {path}"
        elif headers.get("Authorization") != login:
            problem = "not our credentials"
        elif unknown := set(form) - self.KNOWN:
            problem = f"unknown fields {sorted(unknown)}"
        elif not form.get("To") or not (form.get("From") or form.get("MessagingServiceSid")):
            problem = "To and From are required"
        elif not any(form.get(name) for name in ("Body", "MediaUrl", "ContentSid")):
            problem = "nothing to say"
        elif len(form.get("Body", "")) > 1600:
            problem = "Body is longer than 1600"
        if problem:
            self.refused.append(problem)
            return 400, {"code": 21602, "message": problem, "status": 400}
        self.messages.append(form)
        return 201, {
            "sid": f"SM{len(self.messages):032x}",
            "account_sid": ACCOUNT,
            "status": "queued",
            "to": form["To"],
            "from": form.get("From"),
            "body": form.get("Body", ""),
            "date_created": formatdate(),
            "num_segments": "1",
            "error_code": None,
        }

    def stop(self) -> None:
        self._server.shutdown()


class Faro:
    """``faro run`` as a process, in a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("FARO_", "TWILIO_", "TELEGRAM_", "REDIS_", "PUBLIC_"))
        }
        self._environment = {
            **clean,
            "FARO_PORT": str(self.port),
            "FARO_VAR": str(folder),
            "FEDERAL_REGISTER_URL": "http://127.0.0.1:9/api/v1",
            **settings,
        }
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        log = (self.folder / "run.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=self._environment,
            stdout=log,
            stderr=log,
        )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError((self.folder / "run.log").read_text())

    def children(self, name: str) -> list[int]:
        """Return the process ids of the parts of one kind: web, worker, sender or redis."""
        wanted = "redis-server" if name == "redis" else f"--role {name}"
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return [int(line.split()[0]) for line in listed.splitlines() if wanted in line]

    def kill(self, name: str) -> None:
        for pid in self.children(name):
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


class Person:
    """Someone with a phone: writes to the webhook as Twilio would pass it on."""

    def __init__(self, faro: Faro, number: str, prefix: str = "") -> None:
        self._faro = faro
        self.address = prefix + number
        self._to = prefix + NUMBER
        self._path = f"/webhooks/{'whatsapp' if prefix else 'sms'}/inbound"
        self._sent = 0

    def form(self, text: str, sid: str) -> dict[str, str]:
        return {
            "ToCountry": "US",
            "ToState": "",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "ToCity": "",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": text,
            "To": self._to,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": self.address,
            "ApiVersion": "2010-04-01",
        }

    def write(self, text: str, sid: str = "", token: str = TOKEN) -> int:
        """Post one message, signed with ``token``; return the HTTP status, 0 if nobody answered."""
        self._sent += 1
        sid = sid or f"SM{abs(hash((self.address, self._sent))):032x}"[:34]
        form = self.form(text, sid)
        url = self._faro.url + self._path
        signature = RequestValidator(token).compute_signature(url, form)
        try:
            return httpx.post(
                url, data=form, headers={"X-Twilio-Signature": signature}, timeout=10
            ).status_code
        except httpx.HTTPError:
            return 0


def twilio_settings(twilio: RecordingTwilio) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_SMS_FROM": NUMBER,
        "TWILIO_WHATSAPP_FROM": NUMBER,
        "TWILIO_API_URL": twilio.url,
    }


def wait_for(condition, seconds: float = 30.0):
    """Return what ``condition`` returns once it is true, or its last value."""
    deadline = time.monotonic() + seconds
    value = condition()
    while not value and time.monotonic() < deadline:
        time.sleep(0.05)
        value = condition()
    return value
