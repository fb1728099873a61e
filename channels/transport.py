"""Requests to the providers: httpx's own seam, with aiohttp behind it.

httpx's usual transport takes three times the processor time for the same request, and sending is
most of what the sender does. The errors are httpx's, and say the one thing that matters: whether
anything had left us (``NEVER_SENT``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from yarl import URL

# Nothing of these had left us, so trying again cannot say a thing twice.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Transport(httpx.AsyncBaseTransport):
    """Keeps connections open for as long as it is used; follows no redirect, keeps no cookie."""

    @cached_property
    def _session(self) -> aiohttp.ClientSession:
        """Return the session, made inside the running loop."""
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=httpx.create_ssl_context()),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # httpx does that
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        times = request.extensions["timeout"]
        with _errors_of(request):
            answer = await self._session.request(
                request.method,
                URL(str(request.url), encoded=True),
                data=await request.aread() or None,
                headers={name.decode(): value.decode() for name, value in request.headers.raw},
                allow_redirects=False,
                proxy=_proxy(request.url.scheme, request.url.host),
                timeout=aiohttp.ClientTimeout(
                    connect=times["pool"], sock_connect=times["connect"], sock_read=times["read"]
                ),
            )
        body = _Body(answer, request)
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=body)

    async def aclose(self) -> None:
        if "_session" in self.__dict__:
            await self._session.close()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse, request: httpx.Request) -> None:
        self._answer = answer
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of(self._request):
            async for chunk in self._answer.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        self._answer.release()


@contextmanager
def _errors_of(request: httpx.Request) -> Iterator[None]:
    """Raise aiohttp's errors as those of httpx."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error), request=request) from error
    except asyncio.TimeoutError as error:
        # One kind of error for both; only while connecting it was a clock that ended the wait.
        connecting = isinstance(error.__cause__, asyncio.TimeoutError)
        kind = httpx.ConnectTimeout if connecting else httpx.ReadTimeout
        raise kind(str(error), request=request) from error
    except aiohttp.ClientError as error:
        raise httpx.ReadError(str(error), request=request) from error


@lru_cache(maxsize=64)
def _proxy(scheme: str, host: str) -> str | None:
    """Return the proxy that the environment names for a host (HTTPS_PROXY, NO_PROXY)."""
    return None if proxy_bypass(host) else getproxies().get(scheme)
