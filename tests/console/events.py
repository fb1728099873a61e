"""What happened to the bot, as its event log tells it and as the console keeps it."""

from __future__ import annotations

import json
import time

from django.utils import timezone

from bot.runtime import keys
from console.insight import ingest as reader
from console.insight.models import Happening
from console.insight.sealed import seal


def add(store, type_="answered", **details):
    fields = {"type": type_, "at": f"{time.time():.3f}", "details": json.dumps(details)}
    return store.xadd(keys.EVENTS, fields)


QUESTIONS = [
    "cuanto cuesta el pase del bus en mexico",
    "el pase de bus en mexico cuanto cuesta",
    "cuanto vale el pase de bus en mexico",
    "puedo llevar mi perro en el avion",
]


def missed(store, texts=QUESTIONS, **more):
    for number, text in enumerate(texts):
        message = f"q{number}"
        add(
            store, "not_understood", message=message, channel="sms", language="es", country="HN",
            top=[["tps", 0.3], ["asylum_us", 0.2]], sealed=seal(message, text),
            expires=time.time() + more.get("lasts", 3600),
        )  # fmt: skip
    reader.ingest(store)


def happened(count, day=None, **fields):
    day = day or timezone.now().date()
    start = Happening.objects.count()
    Happening.objects.bulk_create(
        Happening(entry=f"{start}-{n}", type=fields.get("type", "answered"), at=timezone.now(), day=day,
                  **{k: v for k, v in fields.items() if k != "type"})
        for n in range(count)
    )  # fmt: skip
