"""A site on the loopback that changes, moves, fails, hangs and swells on command."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<html><head><title>Fees</title><script>var fee = 100;</script></head><body>
<nav>Home 100 Contact</nav><h1>Asylum fees</h1>
<p>Office hours: room 100, from nine to five.</p>
<p>{passage}</p><p>{news}</p><footer>Reviewed on some day</footer></body></html>"""


class Site:
    """Answers ``pages[path]``: a text, or a function of the handler."""

    def __init__(self) -> None:
        self.pages: dict[str, object] = {}
        self.requests: list[tuple[str, float]] = []
        self.conditional: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.requests.append((self.path, time.monotonic()))
                answer = site.pages.get(self.path)
                try:
                    if callable(answer):
                        answer(self)
                    elif answer is None:
                        self.reply(404, "not here")
                    else:
                        self.text(str(answer))
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def text(self, body: str) -> None:
                tag = f'"{hash(body)}"'
                if self.headers.get("If-None-Match") == tag:
                    site.conditional.append(self.path)
                    self.reply(304, "")
                else:
                    self.reply(200, body, ETag=tag)

            def reply(self, status: int, body: str, **headers: str) -> None:
                raw = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def say(self, path: str, passage: str, news: str = "No news.") -> None:
        self.pages[path] = PAGE.format(passage=passage, news=news)

    def stop(self) -> None:
        self._server.shutdown()


def redirect(target: str, status: int = 301):
    return lambda handler: handler.reply(status, "", Location=target)


def fail(status: int):
    return lambda handler: handler.reply(status, "sorry")


def hang(seconds: float):
    def answer(handler) -> None:
        time.sleep(seconds)
        handler.text("late")

    return answer


def trickle(handler) -> None:
    """Send a byte now and then, for ever: no single read takes too long."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def swell(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"<p>huge</p>" * 20_000)
