"""HTTP as lean as it gets, so that the measuring costs neither side much of the machine."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit


class Client:
    """Posts to one port of this machine over connections that it keeps open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """Return the status, once all of the answer was read."""
        line = await self._line()
        reader, writer = line
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{head}"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        status, _ = await read_message(reader)
        self._idle.append(line)
        return int(status.split()[1])

    async def _line(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            line = self._idle.pop()
            if not line[0].at_eof():
                return line
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        for _, writer in self._idle:
            with suppress(RuntimeError):  # the loop is over, and its connections with it
                writer.close()
        self._idle.clear()


async def read_message(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """Return the first line and the body of a request or an answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    length = 0
    for line in head[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    return head[0], await reader.readexactly(length) if length else b""


class Provider:
    """Takes messages as Twilio's API does; tells ``arrived`` our own id of each and when."""

    def __init__(self) -> None:
        self.arrived: Callable[[str], None] = lambda _: None
        self.port = 0
        self._count = 0

    async def start(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._server = server  # held, or it would be collected

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Cancelled when the run is over: asyncio would print each open connection.
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                first, body = await read_message(reader)
                status, answer = self._answer(first, body)
                raw = json.dumps(answer).encode()
                writer.write(
                    f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(raw)}\r\n\r\n".encode()
                    + raw
                )

    def _answer(self, first: str, body: bytes) -> tuple[int, dict[str, object]]:
        method, path, _ = first.split(" ")
        if method != "POST" or not urlsplit(path).path.endswith("/Messages.json"):
            return 404, {"code": 20404, "message": "not found"}
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        reference = parse_qs(urlsplit(form.get("StatusCallback", "")).query).get("m", [""])[0]
        self._count += 1
        self.arrived(reference)
        return 201, {
            "sid": f"SM{self._count:032x}",
            "status": "queued",
            "to": form["To"],
            "date_created": formatdate(),
        }


def signed(url: str, fields: dict[str, str], token: str) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of a webhook as Twilio sends it."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": base64.b64encode(digest).decode(),
    }
    return urlencode(fields).encode(), headers
