"""The figures of a run, as ratios with their spread, for people and for ``var/bench.json``."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any

from bench.load import Measured
from bench.systems import WORKERS
from bot import settings
from bot.settings import ROOT


@dataclass(frozen=True)
class Ratio:
    """One figure of the promise: the middle of its rounds, the lowest and the highest."""

    value: float
    low: float
    high: float
    wanted: str

    @classmethod
    def of(cls, values: Sequence[float], wanted: str) -> Ratio:
        return cls(
            round(statistics.median(values), 3),
            round(min(values), 3),
            round(max(values), 3),
            wanted,
        )

    @property
    def kept(self) -> bool:
        sign, limit = self.wanted[0], float(self.wanted[1:])
        return self.value >= limit if sign == "≥" else self.value <= limit


@dataclass
class Report:
    """Everything measured; ``rows`` are (what, side, measured)."""

    quick: bool
    ratios: dict[str, Ratio] = field(default_factory=dict)
    rows: list[tuple[str, str, Measured]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    noise: list[Measured] = field(default_factory=list)

    def add(self, what: str, side: str, measured: Measured) -> Measured:
        self.rows.append((what, side, measured))
        return measured

    def write(self) -> str:
        """Write ``var/bench.json`` and ``docs/benchmark.md``; return the page."""
        page = self.page()
        (settings.var_folder() / "bench.json").write_text(
            json.dumps(self.as_data(), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        (ROOT / "docs" / "benchmark.md").write_text(page, encoding="utf-8")
        return page

    def as_data(self) -> dict[str, Any]:
        return {
            "quick": self.quick,
            "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "machine": machine(),
            "noise": self._noise(),
            "ratios": {name: asdict(ratio) for name, ratio in self.ratios.items()},
            "rows": [
                {"what": what, "side": side, **_figures(measured)}
                for what, side, measured in self.rows
            ],
            "facts": dict(self.facts),
        }

    def page(self) -> str:
        kind = "bench-quick" if self.quick else "bench"
        lines = [
            "# Benchmark",
            "",
            f"Made by `make {kind}` on {datetime.now(timezone.utc):%Y-%m-%d}: {machine()}. Both "
            "sides have the same content, the same questions (none of them word for word in the "
            "training data), the same Redis and the same load, in turns, so that what else the "
            f"machine did fell on both. {self._noise()}",
            "",
            f"Faro runs as `faro run` does: {WORKERS} workers, one for each core. Vanilla Rasa "
            "is one process.",
            "",
            "Times belong to that machine; the ratios are what counts.",
            "",
            "| Ratio | Result | Lowest – highest | Wanted | |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {name.replace('_', ' ')} | {r.value:g} | {r.low:g} – {r.high:g} | {r.wanted} "
            f"| {'kept' if r.kept else 'missed'} |"
            for name, r in self.ratios.items()
        ]
        lines += [
            "",
            "| Load | Side | Answers/s | p50 ms | p95 ms | p99 ms | Answers |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {what} | {side} | {m.per_second:.1f} | {m.percentile(0.5) * 1000:.0f} "
            f"| {m.percentile(0.95) * 1000:.0f} | {m.percentile(0.99) * 1000:.0f} "
            f"| {len(m.taken)} |"
            for what, side, m in self.rows
        ]
        lines += ["", "| Fact | |", "|---|---|"]
        lines += [f"| {what} | {value} |" for what, value in self.facts]
        return "\n".join([*lines, "", "How it is measured: `bench/README.md`.", ""])

    def _noise(self) -> str:
        if not self.noise:
            return ""
        times = [measured.percentile(0.5) for measured in self.noise]
        spread = max(times) / min(times)
        return f"The same small piece of work took up to {spread:.1f} times as long between rounds."


def machine() -> str:
    """Return what kind of machine this is."""
    load = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} of the last "
        "five minutes"
    )


def _figures(measured: Measured) -> dict[str, float]:
    return {
        "answers": len(measured.taken),
        "per_second": round(measured.per_second, 2),
        **{
            f"p{int(p * 100)}_ms": round(measured.percentile(p) * 1000, 1)
            for p in (0.5, 0.95, 0.99)
        },
    }
