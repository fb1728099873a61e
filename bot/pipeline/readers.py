"""Learning how messages are read, from the word lists and the training phrases."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot import gloss
from bot.content.files import read_yaml
from bot.pipeline.phrases import lines
from bot.reading import Reader


def learn_reader(words: Path, phrases: Iterable[tuple[str, str]]) -> Reader:
    """Return the reader for the word lists of a folder and (text, language) pairs."""
    glosses = {
        path.stem.removeprefix("gloss_"): gloss.read_glosses(lines(path))
        for path in sorted(words.glob("gloss_*.txt"))
    }
    return Reader.learn(
        read_yaml(words / "abbreviations.yml"), read_yaml(words / "emoji.yml"), glosses, phrases
    )
