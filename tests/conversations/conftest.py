"""Phones to hold conversations with the whole assistant: model, actions, words, memory."""

from __future__ import annotations

import itertools
import json
import logging
from typing import Any

import pytest

from bot.cli.ask import _Conversation
from bot.content import live
from bot.runtime.logs import configure_logs

_numbers = itertools.count()


class Phone:
    """Somebody who writes, taps and waits; ``buttons`` are what was offered last."""

    def __init__(self, assistant: Any, channel: str = "whatsapp", **line: Any) -> None:
        self.assistant = assistant
        self._talk = _Conversation(assistant, {"id": next(_numbers), "channel": channel, **line})
        self._begun = False
        self.buttons: list[str] = []

    async def say(self, *turns: Any) -> str:
        """Write each turn; return what was answered to the last, all messages in one text."""
        text = ""
        for turn in turns:
            if isinstance(turn, dict) and "wait_hours" in turn:
                await self._begin()
                await self._talk._wait(turn["wait_hours"])
                continue
            replies = (await self.answer(turn))["replies"]
            text = "\n".join(reply["text"] for reply in replies)
            offered = [[b["title"] for b in r["buttons"]] for r in replies if r["buttons"]]
            self.buttons = offered[-1] if offered else []
        return text

    async def answer(self, turn: Any) -> dict[str, Any]:
        """Write a turn; return all that `faro ask` says of it."""
        await self._begin()
        answer: dict[str, Any] = await self._talk._ask(turn)
        return answer

    async def _begin(self) -> None:
        if not self._begun:
            await self._talk._set_up()
            self._begun = True

    async def tap(self, *titles: str) -> str:
        return await self.say(*({"choice": title} for title in titles))

    def kept(self) -> str:
        """Return what the store holds of what this person said and we remember; not our words."""
        stored = json.loads(self.assistant.agent.tracker_store._memory[self._talk._person])
        told = [event for event in stored["events"] if event["event"] in ("user", "slot")]
        return json.dumps(told, ensure_ascii=False)


@pytest.fixture(scope="session")
def assistant(model):
    from bot.runtime.assistant import Assistant
    from bot.runtime.trackers import Trackers

    configure_logs(logging.ERROR)  # else structlog writes every step of every turn
    live._shared = None
    return Assistant.load(str(model), Trackers())


@pytest.fixture
def phone(assistant):
    def make(channel="whatsapp", **line):
        return Phone(assistant, channel, **line)

    return make
