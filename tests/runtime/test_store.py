"""Every way to name a store leads to a client with the right place, name and secrets."""

import pytest
from redis.asyncio.sentinel import SentinelConnectionPool

from bot import settings
from bot.runtime import store


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://store:6379/2", {"host": "store", "port": 6379, "db": 2}),
        ("redis://:pa%40ss@store:6379/0", {"password": "pa@ss"}),
        ("rediss://faro:secret@store:6380/1", {"username": "faro", "password": "secret"}),
        ("unix:///run/redis.sock?db=3", {"path": "/run/redis.sock", "db": 3}),
    ],
)
def test_an_address_is_understood(url, expected):
    for client in (store.client(url), store.async_client(url)):
        found = client.connection_pool.connection_kwargs
        assert {name: found.get(name) for name in expected} == expected
        assert found["socket_timeout"] > 1


def test_tls_is_used_where_it_is_asked_for():
    pool = store.async_client("rediss://store:6380/0").connection_pool
    assert "SSL" in pool.connection_class.__name__


def test_sentinels_lead_to_the_master():
    client = store.async_client("sentinel://faro:pw@one:26379,two/4?service=mymaster")
    pool = client.connection_pool
    assert isinstance(pool, SentinelConnectionPool)
    assert pool.service_name == "mymaster"
    assert pool.connection_kwargs["db"] == 4
    assert pool.connection_kwargs["password"] == "pw"
    places = [
        (s.connection_pool.connection_kwargs["host"], s.connection_pool.connection_kwargs["port"])
        for s in pool.sentinel_manager.sentinels
    ]
    assert places == [("one", 26379), ("two", 26379)]


@pytest.mark.parametrize(("more", "password"), [("", None), ("&sentinel_password=other", "other")])
def test_the_masters_password_is_not_told_to_the_sentinels(more, password):
    client = store.client(f"sentinel://:pw@one:26379/0?service=mymaster{more}")
    (sentinel,) = client.connection_pool.sentinel_manager.sentinels
    assert sentinel.connection_pool.connection_kwargs.get("password") == password


def test_a_sentinel_address_without_a_service_says_what_is_missing():
    with pytest.raises(settings.SettingError, match="service=NAME"):
        store.client("sentinel://one:26379/0")
