"""What the transport makes of real sockets: whether anything had left us when it went wrong."""

import asyncio
import gzip
import socket
from contextlib import asynccontextmanager

import httpx
import pytest

from channels.transport import NEVER_SENT, Transport

TIMES = httpx.Timeout(5.0, connect=5.0)
SHORT = httpx.Timeout(0.3)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@asynccontextmanager
async def provider(answer, *, closes=False):
    """Serve ``answer`` to whoever asks, nothing if it is empty; yield its address and requests."""
    asked = []

    async def serve(reader, writer):
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(
                (
                    int(line[16:])
                    for line in head.split(b"\r\n")
                    if b"content-length: " in line.lower()
                ),
                0,
            )
            asked.append((head, await reader.readexactly(length)))
            writer.write(answer)
            if closes:
                break
        writer.close()

    def ended(*_):
        """A caller that hangs up is no news."""

    asyncio.get_running_loop().set_exception_handler(ended)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    server.close()


async def post(url, times=TIMES, transport=None, **what):
    transport = transport or Transport()
    asked = httpx.Request("POST", url, extensions={"timeout": times.as_dict()}, **what)
    try:
        answer = await transport.handle_async_request(asked)
        await answer.aread()
        return answer
    finally:
        await transport.aclose()


async def test_what_is_asked_arrives_byte_for_byte():
    async with provider(OK) as (url, asked):
        await post(
            f"{url}/a%2Fb?m=x%20y", data={"Body": "¿qué?", "To": "+1"}, headers={"X-One": "1"}
        )
    head, body = asked[0]
    assert head.startswith(b"POST /a%2Fb?m=x%20y HTTP/1.1\r\n")
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in head
    assert b"X-One: 1\r\n" in head
    assert body == b"Body=%C2%BFqu%C3%A9%3F&To=%2B1"


async def test_a_connection_is_used_again():
    async with provider(OK) as (url, asked):
        transport = Transport()
        for _ in range(3):
            how = {"timeout": TIMES.as_dict()}
            answer = await transport.handle_async_request(
                httpx.Request("POST", url, extensions=how)
            )
            assert await answer.aread() == b"{}"
        assert len(transport._session.connector._conns) == 1
        await transport.aclose()
    assert len(asked) == 3


async def test_a_packed_answer_is_unpacked():
    packed = gzip.compress(b'{"sid": "SM1"}')
    head = f"HTTP/1.1 201 X\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    async with provider(head.encode() + packed) as (url, _):
        answer = await post(url)
    assert (answer.status_code, answer.json()) == (201, {"sid": "SM1"})


async def test_a_redirect_is_not_followed():
    moved = b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    async with provider(moved) as (url, asked):
        answer = await post(url)
    assert answer.has_redirect_location
    assert len(asked) == 1


def refusing():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


async def test_a_closed_port_got_nothing():
    with pytest.raises(NEVER_SENT):
        await post(refusing())


async def test_a_host_that_does_not_exist_got_nothing():
    with pytest.raises(NEVER_SENT):
        await post("http://nobody.invalid/")


async def test_a_port_that_takes_nobody_in_got_nothing():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:  # so that its queue is full
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        with pytest.raises(NEVER_SENT):
            await post(f"http://127.0.0.1:{full.getsockname()[1]}", SHORT)
        for one in waiting:
            one.close()


async def test_silence_may_mean_that_it_was_taken():
    async with provider(b"") as (url, asked):
        with pytest.raises(httpx.ReadTimeout):
            await post(url, SHORT)
    assert asked


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", b"?\r\n\r\n"]
)
async def test_a_broken_answer_may_mean_that_it_was_taken(answer):
    async with provider(answer, closes=True) as (url, _):
        with pytest.raises(httpx.HTTPError) as caught:
            await post(url)
    assert not isinstance(caught.value, NEVER_SENT)


async def test_the_proxy_of_the_environment_is_used(monkeypatch):
    async with provider(OK) as (url, asked):
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.setenv("no_proxy", "direct.invalid")
        await post("http://api.proxied.invalid/x")
        with pytest.raises(NEVER_SENT):
            await post("http://direct.invalid/x")
    assert asked[0][0].startswith(b"POST http://api.proxied.invalid/x HTTP/1.1\r\n")
