"""Settings of OpenBLAS, numpy's arithmetic. It reads them when numpy is first imported."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

_AVX_512 = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


def know_processor(
    environ: MutableMapping[str, str] = os.environ, cpuinfo: Path = Path("/proc/cpuinfo")
) -> None:
    """Say that this processor has AVX-512 if OpenBLAS is too old to know.

    That of numpy 1.23, from 2022, takes AMD's processors of 2024 for ones of 2007: a fifth fewer
    answers a second. Whoever has set the variable is right.
    """
    try:
        first = cpuinfo.read_text(encoding="utf-8").partition("\n\n")[0]
    except OSError:  # not Linux
        return
    told = {
        name.strip(): value.split()
        for name, _, value in (line.partition(":") for line in first.splitlines())
    }
    if told.get("vendor_id") == ["AuthenticAMD"] and set(told.get("flags", ())) >= _AVX_512:
        environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


def one_thread() -> None:
    """Keep arithmetic to one thread, as there may be a worker on every core."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
