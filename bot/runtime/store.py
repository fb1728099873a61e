"""Clients for the store that ``REDIS_URL`` names: Redis or Valkey, plain, with TLS, or by Sentinel.

::

    redis://:password@host:6379/0        rediss://user:password@host:6380/0      (TLS)
    unix:///path/redis.sock
    sentinel://:password@host:26379,host2:26379/0?service=mymaster     (sentinels://: TLS)
        &sentinel_password=...   if the sentinels, too, ask for one

What else redis-py takes in an address works as well, e.g. ``?ssl_ca_certs=/path/ca.pem``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import redis
import redis.asyncio
import redis.asyncio.sentinel
import redis.sentinel

from bot import settings

SENTINEL = "sentinel"
SENTINEL_PORT = 26379
# A store that does not answer counts as away; a blocking read takes up to a second.
TIMES: dict[str, Any] = {
    "socket_connect_timeout": 5.0,
    "socket_timeout": 15.0,
    "socket_keepalive": True,
    "health_check_interval": 30,
}


def client(url: str) -> redis.Redis[bytes]:
    """Return a client for threads and commands."""
    if urlsplit(url).scheme.startswith(SENTINEL):
        servers, service, to_sentinels, how = _sentinel(url)
        found = redis.sentinel.Sentinel(servers, sentinel_kwargs=to_sentinels, **how)
        return found.master_for(service)
    return redis.Redis.from_url(url, **_times(url))


def async_client(url: str) -> redis.asyncio.Redis[bytes]:
    """Return a client for a process's event loop."""
    if urlsplit(url).scheme.startswith(SENTINEL):
        servers, service, to_sentinels, how = _sentinel(url)
        found = redis.asyncio.sentinel.Sentinel(servers, sentinel_kwargs=to_sentinels, **how)
        return found.master_for(service)
    return redis.asyncio.Redis.from_url(url, **_times(url))


def _times(url: str) -> dict[str, Any]:
    if urlsplit(url).scheme != "unix":
        return TIMES
    return {name: TIMES[name] for name in ("socket_timeout", "health_check_interval")}


def _sentinel(
    url: str,
) -> tuple[list[tuple[str, int]], str, dict[str, Any], dict[str, Any]]:
    """Return the sentinels, the service's name, how to connect to them and to its master."""
    parts = urlsplit(url)
    more = dict(parse_qsl(parts.query))
    service, password_of_sentinels = more.pop("service", ""), more.pop("sentinel_password", "")
    login, _, hosts = parts.netloc.rpartition("@")
    if not service or not hosts:
        raise settings.SettingError(
            "REDIS_URL: write sentinel://[user:password@]host:26379[,host2:26379]/0?service=NAME"
        )
    user, _, password = login.partition(":")
    how: dict[str, Any] = {**TIMES, **more}
    if parts.scheme == f"{SENTINEL}s":
        how["ssl"] = True
    to_sentinels = dict(how)
    if password_of_sentinels:
        to_sentinels["password"] = password_of_sentinels
    how["db"] = int(parts.path.strip("/") or 0)
    if user:
        how["username"] = unquote(user)
    if password:
        how["password"] = unquote(password)
    servers = []
    for host in hosts.split(","):
        name, _, port = host.partition(":")
        servers.append((name, int(port or SENTINEL_PORT)))
    return servers, service, to_sentinels, how
