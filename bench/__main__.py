"""``python -m bench [--quick]``: measure Faro and vanilla Rasa in turns."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from bench import environments, load
from bench.backlog import MESSAGES, work_off
from bench.content import questions
from bench.report import Ratio, Report
from bench.systems import WORKERS, Faro, System, Vanilla
from bench.wire import Provider
from bot.processes.models import current_model, train
from bot.runtime import blas
from bot.runtime.logs import configure_logs

console = Console(highlight=False)


class Run:
    """One benchmark. ``seconds`` is the length of one round of one load on one side."""

    def __init__(
        self, quick: bool, stack: ExitStack, rounds: int = 0, seconds: float = 0.0
    ) -> None:
        self.quick, self._stack = quick, stack
        self.rounds, self.seconds = rounds or (3 if quick else 5), seconds or (5 if quick else 10)
        self.senders = [16, 64] if quick else [1, 16, 64]
        self.report = Report(quick)
        self.texts: list[str] = []
        self.provider = Provider()
        self.ready: list[float] = []  # seconds from each start to the first answer

    async def run(self) -> Report:
        self.texts = await questions()
        await self.provider.start()
        redis, port = environments.redis()
        self._stack.callback(redis.terminate)
        kinds = ["sparse"] if self.quick else ["sparse", "neural"]
        sides = [side for kind in kinds for side in self._vanilla(kind, port)]
        faro = self._faro(port)
        for side in [*sides, faro]:
            await self._start(side)
        await self._crowds(faro, sides)
        await self._conversations(faro, sides)
        await self._floods(faro)
        self._memory([*sides, faro])
        await self._workers(port)
        return self.report

    # -- the sides ---------------------------------------------------------------------------

    def _vanilla(self, kind: str, port: int) -> list[Vanilla]:
        began = time.monotonic()
        python = environments.environment(kind)
        console.print(f"vanilla {kind}: environment ready after {time.monotonic() - began:.0f} s")
        sides = []
        for action in (True, False):
            place = environments.project(kind, python, action=action)
            name = f"vanilla {kind}{' with action' if action else ''}"
            sides.append(Vanilla(name, place, python, port, action))
        console.print(f"vanilla {kind}: models trained after {time.monotonic() - began:.0f} s")
        size = environments.megabytes(python)
        self.report.facts.append((f"installed size, vanilla {kind}", f"{size:.0f} MB"))
        return sides

    def _faro(self, port: int, workers: int = WORKERS) -> Faro:
        place = environments.folder() / "faro"
        shutil.rmtree(place, ignore_errors=True)
        return Faro(place, port, self.provider, workers)

    async def _start(self, side: System) -> None:
        self._stack.callback(side.stop)
        seconds = await side.start()
        console.print(f"{side.name}: first answer after {seconds:.1f} s")
        self.report.facts.append((f"first answer after start, {side.name}", f"{seconds:.1f} s"))
        if side.name == "faro":
            self.ready.append(seconds)
            self.report.ratios["ready_seconds"] = Ratio.of(self.ready, "≤10")

    # -- the loads ---------------------------------------------------------------------------

    async def _crowds(self, faro: Faro, sides: Sequence[Vanilla]) -> None:
        wanted = {"vanilla sparse with action": "≥6", "vanilla sparse": "≥3"}
        for senders in self.senders:
            rates: dict[str, list[float]] = {}
            costs: dict[str, list[float]] = {}
            for number in range(self.rounds):
                self.report.noise.append(load.noise())
                order: list[System] = [faro, *sides]
                for side in order if number % 2 else order[::-1]:
                    before = side.cpu_seconds()
                    measured = await load.crowd(side, self.texts, senders, self.seconds)
                    each = (side.cpu_seconds() - before) * 1000 / len(measured.taken)
                    costs.setdefault(side.name, []).append(each)
                    what = f"{senders} senders, round {number + 1}"
                    self.report.add(what, side.name, measured)
                    rates.setdefault(side.name, []).append(measured.per_second)
                    said = f"{measured.per_second:.1f} answers/s, {each:.1f} ms of processor each"
                    console.print(f"{what}: {side.name} {said}")
            for side in sides:
                pairs = zip(rates["faro"], rates[side.name], strict=True)
                name = f"answers_per_second_at_{senders}_to_{side.name.replace(' ', '_')}"
                self.report.ratios[name] = Ratio.of(
                    [ours / theirs for ours, theirs in pairs], wanted.get(side.name, "≥10")
                )
            for side in [faro, *sides]:
                middle = sorted(costs[side.name])[self.rounds // 2]
                what = f"processor time of one answer at {senders} senders, {side.name}"
                self.report.facts.append((what, f"{middle:.1f} ms"))

    async def _conversations(self, faro: Faro, sides: Sequence[Vanilla]) -> None:
        measured: list[System] = [faro] if self.quick else [faro, *sides]
        for side in measured:
            growth, bursts, ordered = [], [], True
            for _ in range(self.rounds):
                first, last = await load.long_conversation(side, self.texts)
                growth.append(last.percentile(0.5) / first.percentile(0.5))
                self.report.add("turns 1 to 10", side.name, first)
                self.report.add("turns 90 to 100", side.name, last)
                seconds, in_order = await load.burst(side, self.texts)
                bursts.append(seconds)
                ordered &= in_order
            said = f"{sorted(bursts)[len(bursts) // 2]:.2f} s{'' if ordered else ', out of order'}"
            self.report.facts.append((f"five quick messages of one person, {side.name}", said))
            if side is faro:
                self.report.ratios["p50_of_turns_90_to_100_to_1_to_10"] = Ratio.of(growth, "≤1.3")
                self.report.ratios["seconds_for_five_quick_messages"] = Ratio.of(bursts, "≤0.5")

    async def _floods(self, faro: Faro) -> None:
        slowest = []
        for _ in range(2 if self.quick else self.rounds):
            measured = await load.flood(faro, self.texts, 150, self.seconds)
            self.report.add("acknowledged, 150/s posted", "faro", measured)
            slowest.append(measured.percentile(0.99) * 1000)
        self.report.ratios["acknowledgement_p99_ms_under_flood"] = Ratio.of(slowest, "≤50")

    def _memory(self, sides: Sequence[System]) -> None:
        for side in sides:
            sizes = side.megabytes()
            self.report.facts.append((f"memory, {side.name}", f"{sum(sizes.values()):.0f} MB"))
            workers = [size for name, size in sizes.items() if "--role worker" in name]
            if workers:
                self.report.ratios["megabytes_of_a_worker"] = Ratio.of(workers, "≤350")
            side.stop()
        ours = environments.megabytes(Path(sys.executable))
        self.report.facts.append(("installed size, faro with test tools", f"{ours:.0f} MB"))

    async def _workers(self, port: int) -> None:
        """Compare one worker with two, started anew each time: alone, and with all that is Faro."""
        if self.quick:
            return
        alone: dict[int, list[float]] = {1: [], 2: []}
        free = []
        for _ in range(3):
            for workers in alone:
                free.append(await load.free_cores())
                measured = await work_off(self._faro(port, workers), self.texts)
                name = f"{workers} worker{'' if workers == 1 else 's'} alone"
                self.report.add(f"backlog of {MESSAGES}", name, measured)
                alone[workers].append(measured.per_second)
                console.print(f"{name}: {measured.per_second:.1f} answers/s of a backlog")
        self.report.ratios["answers_per_second_of_two_workers_to_one"] = _two_to_one(alone, "≥1.7")
        cores = f"{min(free):.1f} to {max(free):.1f} of {WORKERS}"
        self.report.facts.append(("cores free before each backlog", cores))
        whole: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(3):
            for workers in whole:
                side = self._faro(port, workers)
                await self._start(side)
                measured = await load.crowd(side, self.texts, 64, self.seconds)
                self.report.add("64 senders", side.name, measured)
                whole[workers].append(measured.per_second)
                side.stop()
        both = _two_to_one(whole, "≥1.7")
        what = "answers a second of two workers to one, with web, sender, store and load beside"
        self.report.facts.append((what, f"{both.value} ({both.low} to {both.high})"))


def _two_to_one(rates: dict[int, list[float]], wanted: str) -> Ratio:
    return Ratio.of([two / one for two, one in zip(rates[2], rates[1], strict=True)], wanted)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--quick", action="store_true", help="sparse only, in under five minutes")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each load")
    parser.add_argument("--seconds", type=float, default=0.0, help="length of a round")
    options = parser.parse_args()
    blas.know_processor()  # for both sides
    configure_logs()
    if current_model() is None:
        train()
    began = time.monotonic()
    with ExitStack() as stack:
        run = Run(options.quick, stack, options.rounds, options.seconds)
        report = asyncio.run(run.run())
    console.print(report.write(), markup=False)
    console.print(f"Took {time.monotonic() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
