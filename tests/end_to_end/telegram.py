"""A Telegram that records what our bot says, and people who write to it."""

from __future__ import annotations

import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

TOKEN, SECRET = "700000001:TEST-token-not-real", "End_to_end_secret-1"


class RecordingTelegram:
    """Answers as the Bot API does."""

    def __init__(self) -> None:
        self.messages: list[dict] = []
        self._numbers = itertools.count(1)
        telegram = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self._answer(telegram.take(self.path.rsplit("/", 1)[-1], raw))

            def _answer(self, result: object) -> None:
                body = json.dumps({"ok": True, "result": result}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, method: str, raw: bytes) -> object:
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Faro", "username": "FaroTestBot"}
        if method == "getMyCommands":
            return []
        if not method.startswith("send") or method == "sendChatAction":
            return True
        fields = dict(httpx.QueryParams(raw.decode()))
        fields.setdefault("text", fields.get("question", ""))
        self.messages.append(fields)
        chat = {"id": int(fields["chat_id"]), "type": "private"}
        sent = {"message_id": next(self._numbers), "date": int(time.time()), "chat": chat}
        if method == "sendPoll":
            fields["poll_id"] = str(sent["message_id"])
            sent["poll"] = {
                "id": fields["poll_id"],
                "question": fields["question"],
                "options": [
                    {**option, "voter_count": 0, "persistent_id": option["text"]}
                    for option in json.loads(fields["options"])
                ],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": False,
                "type": "quiz",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        return sent

    def stop(self) -> None:
        self._server.shutdown()


class TelegramPerson:
    """Somebody who types in Telegram."""

    _updates = itertools.count(1000)

    def __init__(self, faro, number: int, language: str = "es") -> None:
        self._faro = faro
        self.address = str(number)
        self._language = language

    def write(self, text: str) -> int:
        message = {
            "message_id": next(self._updates),
            "date": int(time.time()),
            "chat": {"id": int(self.address), "type": "private"},
            "from": self._user(),
            "text": text,
        }
        return self._post(message=message)

    def vote(self, poll_id: str, option: int) -> int:
        """Take an option of a poll."""
        answer = {"poll_id": poll_id, "user": self._user(), "option_ids": [option]}
        answer["option_persistent_ids"] = [str(option)]
        return self._post(poll_answer=answer)

    def _user(self) -> dict:
        return {
            "id": int(self.address),
            "is_bot": False,
            "first_name": "x",
            "language_code": self._language,
        }

    def _post(self, **update: object) -> int:
        return httpx.post(
            f"{self._faro.url}/webhooks/telegram/hook",
            json={"update_id": next(self._updates), **update},
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
            timeout=10,
        ).status_code


def telegram_settings(telegram: RecordingTelegram) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API_URL": telegram.url,
    }
