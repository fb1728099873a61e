"""A Twilio that takes messages, refuses what Twilio would refuse, and can be asked what it took.

As at the real one, creating a message is not idempotent: whoever asks twice sends twice.
https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

import base64
import json
import random
import threading
import time
from collections.abc import Mapping
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ACCOUNT, TOKEN = "AC" + "1" * 32, "0123456789abcdef0123456789abcdef"
NUMBER = "+14155550101"

_PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
_LOGIN = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


class RecordingTwilio:
    """An HTTP server; ``messages`` is what it took, oldest first, ``refused`` why it did not.

    ``seconds`` is how long a call may take at most: half before it is taken, half after, so
    that a sender is killed on either side of that moment.
    """

    KNOWN = frozenset(
        [
            "To",
            "From",
            "Body",
            "MediaUrl",
            "StatusCallback",
            "ContentSid",
            "ContentVariables",
            "MessagingServiceSid",
            "PersistentAction",
            "ValidityPeriod",
            "ShortenUrls",
            "SmartEncoded",
            "ProvideFeedback",
        ]
    )

    def __init__(self, seconds: float = 0.0) -> None:
        self.messages: list[dict[str, str]] = []
        self.refused: list[str] = []
        self.asked = 0  # how often somebody looked a message up
        self._seconds = seconds
        self._records: dict[str, list[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def settings(self) -> dict[str, str]:
        """Return the settings that make a Faro use this Twilio."""
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_SMS_FROM": NUMBER,
            "TWILIO_WHATSAPP_FROM": NUMBER,
            "TWILIO_API_URL": self.url,
        }

    def take(self, path: str, headers: Mapping[str, str], body: str) -> tuple[int, dict[str, Any]]:
        """Create a message, as POST does; return the status and what to answer."""
        form = dict(parse_qsl(body, keep_blank_values=True))
        if problem := self._problem(path, headers, form):
            self.refused.append(problem)
            return 400, {"code": 21602, "message": problem, "status": 400}
        self._pause()
        with self._lock:
            self.messages.append({**form, "at": f"{time.monotonic():.4f}"})
            record = {
                "sid": f"SM{len(self.messages):032x}",
                "account_sid": ACCOUNT,
                "status": "queued",
                "direction": "outbound-api",
                "to": form["To"],
                "from": form.get("From"),
                "body": form.get("Body", ""),
                "date_created": formatdate(),
                "num_segments": "1",
                "error_code": None,
            }
            self._records.setdefault(form["To"], []).append(record)
        self._pause()
        return 201, record

    def listed(self, path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Return the messages to one person, newest first, as GET does."""
        address, _, query = path.partition("?")
        asked = dict(parse_qsl(query))
        if address != _PATH or headers.get("Authorization") != _LOGIN or "To" not in asked:
            return 404, {"code": 20404, "message": "not found", "status": 404}
        self.asked += 1
        with self._lock:
            found = self._records.get(asked["To"], [])[::-1]
        return 200, {"messages": found[: int(asked.get("PageSize", 50))]}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _pause(self) -> None:
        if self._seconds:
            time.sleep(random.uniform(0, self._seconds / 2))  # noqa: S311 - a delay, no secret

    def _problem(self, path: str, headers: Mapping[str, str], form: Mapping[str, str]) -> str:
        if path != _PATH:
            return f"unknown path {urlsplit(path).path}"
        if headers.get("Authorization") != _LOGIN:
            return "not our credentials"
        if unknown := set(form) - self.KNOWN:
            return f"unknown fields {sorted(unknown)}"
        if not form.get("To") or not (form.get("From") or form.get("MessagingServiceSid")):
            return "To and From are required"
        if not any(form.get(name) for name in ("Body", "MediaUrl", "ContentSid")):
            return "nothing to say"
        return "Body is longer than 1600" if len(form.get("Body", "")) > 1600 else ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: Any) -> None:
        """Say nothing: whoever called was killed."""


def _handler(twilio: RecordingTwilio) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            raw = self.rfile.read(length)
            if len(raw) < length:  # whoever called was killed in the middle of the sentence
                self.close_connection = True
                return
            body = raw.decode()
            where = urlsplit(self.path).path
            if where == "/v3/Indicators/Typing.json":
                self._answer(200, {"success": True})
            elif where.startswith("/v1/"):  # prepared menus, which this account does not have
                self._answer(404, {"code": 20404, "message": "not found", "status": 404})
            else:
                self._answer(*twilio.take(self.path, dict(self.headers), body))

        def do_GET(self) -> None:
            self._answer(*twilio.listed(self.path, dict(self.headers)))

        def _answer(self, status: int, answer: dict[str, Any]) -> None:
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
