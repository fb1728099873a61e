"""Learning how messages are read, from the word lists and the training phrases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from bot import gloss
from bot.content.files import read_yaml
from bot.pipeline.phrases import lines
from bot.reading import Reader

_loaded: WeakValueDictionary[bytes, Reader] = WeakValueDictionary()


def learn_reader(words: Path, phrases: Iterable[tuple[str, str]]) -> Reader:
    """Return the reader for the word lists of a folder and (text, language) pairs."""
    glosses = {
        path.stem.removeprefix("gloss_"): gloss.read_glosses(lines(path))
        for path in sorted(words.glob("gloss_*.txt"))
    }
    return Reader.learn(
        read_yaml(words / "abbreviations.yml"), read_yaml(words / "emoji.yml"), glosses, phrases
    )


def load_reader(data: Mapping[str, Any]) -> Reader:
    """Return the reader that ``data`` (of ``Reader.as_data``) describes.

    Equal data gives the same reader: the two models of a pipeline read alike, and each copy of
    the vocabulary takes 15 MB.
    """
    key = hashlib.blake2b(json.dumps(data, sort_keys=True).encode()).digest()
    reader = _loaded.get(key)
    if reader is None:
        reader = _loaded[key] = Reader.from_data(data)
    return reader
