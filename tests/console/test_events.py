"""Events are stored once, whatever stands in their log."""

import pytest

from bot.runtime import keys
from console.insight import ingest as reader
from console.insight.models import Happening
from tests.console.events import add

pytestmark = pytest.mark.usefixtures("db")


def test_each_event_is_stored_once(store):
    for number in range(12):
        add(store, label="tps", channel="sms", language="es", country="HN", release=number)
    assert reader.ingest(store) == 12
    assert reader.ingest(store) == 0
    add(store, "feedback", label="tps", helpful=True)
    assert reader.ingest(store) == 1
    assert Happening.objects.count() == 13


def test_many_events_are_read_in_batches(store):
    many = 2 * reader.BATCH + 1
    with store.pipeline() as pipe:
        for _ in range(many):
            add(pipe, label="tps")
        pipe.execute()
    assert reader.ingest(store) == many
    assert Happening.objects.count() == many


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "x"},
        {"type": "x", "at": "soon", "details": "{}"},
        {"type": "x", "at": "1", "details": "[]"},
    ],
)
def test_what_is_no_event_is_passed_over(store, fields):
    store.xadd(keys.EVENTS, fields)
    add(store, label="tps")
    assert reader.ingest(store) == 1


def test_an_event_nobody_knows_is_kept(store):
    add(store, "invented_tomorrow", whatever=1)
    assert reader.ingest(store) == 1
    assert Happening.objects.get().details == {"whatever": 1}
