"""Counts calls while some work is done, without touching what is called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Calls:
    """How many calls were made while they were counted."""

    def __init__(self) -> None:
        self.count = 0


@contextmanager
def calls(of: Callable[..., Any] | None = None) -> Iterator[Calls]:
    """Count all calls made in this thread, in C as well, or those of one Python function."""
    found, code = Calls(), of and of.__code__
    kinds = ("call",) if of else ("call", "c_call")

    def see(frame: FrameType, event: str, argument: Any) -> None:
        if event in kinds and (code is None or frame.f_code is code):
            found.count += 1

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        yield found
    finally:
        sys.setprofile(before)
