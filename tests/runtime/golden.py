"""Holds conversations with the trained model and prints what came of them, as JSON lines.

Run by ``test_engine_patches`` in a process of its own, because a patch cannot be taken back.
"""

import asyncio
import json
import logging
import sys

from bot.messages import InboundMessage
from bot.processes import models
from bot.runtime import trackers
from bot.runtime.assistant import Assistant
from bot.runtime.logs import configure_logs
from bot.runtime.state import PersonState

CONVERSATIONS = [
    ["hola", "como pido refugio en mexico con la comar", "2", "gracias"],
    ["a que numero llamo para pedir ayuda", "1", "y en guatemala?", "soy de honduras"],
    ["how do I ask for refugee status in mexico", "menu", "1", "español por favor"],
    ["asdf qwer zxcv", "no entendi", "", "x" * 2000, "🇭🇳➡️🇲🇽"],
    ["/restart", '/faq{"country":"US"}', "hola", "mi hijo no aparece"],
    ["kijan pou m mande azil nan meksik", "non", "mèsi"],
    ["que pasa si me deportan", "cuanto cobra el coyote", "es seguro el tren"] * 8,  # is cut short
]


class Store(trackers.Trackers):
    """In memory, written to as a worker does: whole, at the end of a turn."""

    def keep(self, written):
        self._memory.update(written)

    def events(self, person):
        data = json.loads(self._memory[person])
        return [_timeless(event) for event in data["events"]]


def _timeless(value):
    if isinstance(value, dict):
        times = ("timestamp", "message_id", "at")
        return {key: _timeless(part) for key, part in value.items() if key not in times}
    return value


async def main():
    store = Store()
    assistant = Assistant.load(str(models.current_model()), store)
    for number, texts in enumerate(CONVERSATIONS):
        person, state = f"person{number}", PersonState()
        for place, text in enumerate(texts):
            written = trackers.Written()
            token = trackers.turn.set(written)
            message = InboundMessage("sms", person, f"{number}-{place}", text=text)
            turn = await assistant.handle(message, state)
            trackers.turn.reset(token)
            store.keep(written)
            state = turn.state
            said = [[reply.text, [c.payload for c in reply.choices]] for reply in turn.replies]
            print(json.dumps([text[:40], said, turn.ranking[:3]], ensure_ascii=False))
        print(json.dumps(store.events(person), ensure_ascii=False, sort_keys=True))


if __name__ == "__main__":
    configure_logs(logging.ERROR)
    sys.stdout.reconfigure(encoding="utf-8")
    asyncio.run(main())
