"""Large arrays as files that all processes of a machine read: each would hold its own copy."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np

from bot import settings


def shared(name: str, array: np.ndarray) -> np.ndarray:
    """Return an array as a file of the variable folder, mapped into memory read-only.

    What was there under that name goes; who still reads it keeps it until they let it go.
    """
    with _file_of(name, array) as file:
        return _mapped(file, array.dtype, array.shape)


class SharedRows:
    """The rows of an array as such a file; only the first ``often`` stay in memory.

    One row may bring 2 MB around it into memory, and what is mapped stays: the others are
    mapped for as long as they are read.
    """

    def __init__(self, name: str, array: np.ndarray, often: int) -> None:
        self._file = _file_of(name, array)
        self._type, self._shape = array.dtype, array.shape
        self._often = _mapped(self._file, self._type, (often, *self._shape[1:]))

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """Return a copy of some rows, given by their numbers."""
        found = np.asarray(self._often[np.minimum(rows, len(self._often) - 1)])
        others = rows >= len(self._often)
        if others.any():
            found[others] = _mapped(self._file, self._type, self._shape)[rows[others]]
        return found


def _mapped(file: BinaryIO, kind: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(np.memmap(file, kind, "r", shape=shape))


def _file_of(name: str, array: np.ndarray) -> BinaryIO:
    """Return a file that holds the array and nothing else, written if it is not there."""
    array = np.ascontiguousarray(array)
    content = hashlib.blake2b(f"{array.dtype}{array.shape}".encode(), digest_size=16)
    content.update(array.data)
    folder = settings.var_folder() / "shared"
    path = folder / f"{name}-{content.hexdigest()}.bin"
    with suppress(FileNotFoundError):
        file = path.open("rb")
        if os.fstat(file.fileno()).st_size == array.nbytes:
            return file
        file.close()  # cut short by a full disk
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as written:
        array.tofile(written)
    file = Path(written.name).open("rb")  # noqa: SIM115 - whoever asked closes it
    Path(written.name).replace(path)
    for other in folder.glob(f"{name}-*"):
        if other != path:
            other.unlink(missing_ok=True)
    return file
