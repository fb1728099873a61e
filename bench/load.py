"""Kinds of load, each the same for both sides; they return seconds per answer."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.systems import Faro, System

TURNS_EACH = 10  # after so many questions a sender goes on as somebody new
_numbers = itertools.count(1)


def somebody() -> str:
    """Return a number that nobody had before."""
    return f"+5048{next(_numbers):07d}"


@dataclass(frozen=True)
class Measured:
    """Answers in a time, and how long each took, in seconds."""

    seconds: float
    taken: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return len(self.taken) / self.seconds

    def percentile(self, share: float) -> float:
        ranked = sorted(self.taken)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


async def crowd(system: System, texts: Sequence[str], senders: int, seconds: float) -> Measured:
    """Let ``senders`` ask one question after the other, each waiting for its answer."""
    began, taken = time.monotonic(), list[float]()
    asked = itertools.cycle(texts)

    async def sender() -> None:
        while time.monotonic() - began < seconds:
            person = somebody()
            for _ in range(TURNS_EACH):
                start = time.monotonic()
                await system.ask(person, next(asked))
                taken.append(time.monotonic() - start)
                if time.monotonic() - began >= seconds:
                    return

    await asyncio.gather(*(sender() for _ in range(senders)))
    return Measured(time.monotonic() - began, tuple(taken))


async def long_conversation(system: System, texts: Sequence[str]) -> tuple[Measured, Measured]:
    """Return turns 1 to 10 and 90 to 100 of one person's conversation."""
    person, taken = somebody(), list[float]()
    for text in texts[:100]:
        start = time.monotonic()
        await system.ask(person, text)
        taken.append(time.monotonic() - start)
    first, last = taken[:10], taken[89:100]
    return Measured(sum(first), tuple(first)), Measured(sum(last), tuple(last))


async def burst(system: System, texts: Sequence[str]) -> tuple[float, bool]:
    """Send five messages of one person at once; return the seconds and whether in order."""
    person = somebody()
    await system.ask(person, texts[0])
    order: list[int] = []

    async def one(number: int) -> None:
        await asyncio.sleep(number * 0.005)  # a thumb is no faster
        await system.ask(person, texts[number])
        order.append(number)

    began = time.monotonic()
    await asyncio.gather(*(one(number) for number in range(1, 6)))
    return time.monotonic() - began, order == sorted(order)


async def flood(faro: Faro, texts: Sequence[str], per_second: int, seconds: float) -> Measured:
    """Post at a fixed rate, far above what is answered; return how long acknowledging took."""
    taken: list[float] = []
    answers: list[asyncio.Future[float]] = []

    async def one(text: str) -> None:
        person = somebody()
        sid, answered = faro.expect(person)
        answers.append(answered)
        start = time.monotonic()
        await faro.post(person, text, sid)
        taken.append(time.monotonic() - start)

    began, posts = time.monotonic(), []
    for number, text in zip(range(int(per_second * seconds)), _forever(texts), strict=False):
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
        posts.append(asyncio.create_task(one(text)))
    await asyncio.gather(*posts)
    lasted = time.monotonic() - began
    await asyncio.wait(answers, timeout=120)  # what comes next is to find it idle
    return Measured(lasted, tuple(taken))


def noise(rounds: int = 20) -> Measured:
    """Return how long the same small piece of work takes, again and again."""
    taken = []
    for _ in range(rounds):
        start = time.monotonic()
        sum(number * number for number in range(200_000))
        taken.append(time.monotonic() - start)
    return Measured(sum(taken), tuple(taken))


async def free_cores(seconds: float = 2.0) -> float:
    """Return how many cores have nothing to do."""
    before, began = _idle_seconds(), time.monotonic()
    await asyncio.sleep(seconds)
    return (_idle_seconds() - before) / (time.monotonic() - began)


def _idle_seconds() -> float:
    """Return the time that all cores together were idle since the machine started."""
    fields = Path("/proc/stat").read_text().split()  # cpu user nice system idle iowait ...
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


def _forever(texts: Sequence[str]) -> Iterator[str]:
    return itertools.cycle(texts)
