"""What a worker does once a model is loaded."""

from __future__ import annotations

import ctypes
import gc


def settle() -> None:
    """Give the memory back that loading took: glibc keeps what was freed, 20 MB of it."""
    gc.collect()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # not in musl
        libc.malloc_trim(0)
