"""What a worker does once a model is loaded."""

from __future__ import annotations

import ctypes
import gc


def settle() -> None:
    """Give the memory back that loading took, and look for no garbage in what stays.

    glibc keeps what was freed, 20 MB of it. A model that was replaced is looked at once more.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # not in musl
        libc.malloc_trim(0)
