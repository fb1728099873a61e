"""What ``data/language/`` holds for telling languages apart."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from bot import settings
from bot.content.files import read_yaml
from bot.identify import OURS
from bot.pipeline.phrases import lines
from bot.pipeline.udhr import FILE
from bot.places import fold

_SAYINGS = 300  # of each language
# Words of countries' names that tell a language by themselves.
_ARTICLES = {"de", "la", "el", "los", "the", "au", "da", "us", "estados", "united", "states"}


def neutral_words(folder: Path) -> set[str]:
    """Return the folded words that say nothing about the language a person speaks."""
    places = read_yaml(settings.ROOT / "data" / "places.yml")["names"]
    words = {word for listed in places.values() for name in listed for word in fold(name).split()}
    for line in lines(folder / "neutral.txt"):
        words.update(fold(line).split())
    return words - _ARTICLES


def listed(folder: Path) -> list[tuple[str, str]]:
    """Return (phrase, language) from the everyday phrases of our languages."""
    return [(line, code) for code in OURS for line in lines(folder / f"{code}.txt")]


def sayings(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (words, language) drawn from the word counts of ``bot.pipeline.udhr``, always the same.

    Nobody writes phrases in most of those languages, and single words teach too little.
    """
    path = folder / FILE
    if not path.exists():
        return
    draw = random.Random(0)  # noqa: S311 - no secret: the same sayings every time
    for language, counts in json.loads(path.read_text(encoding="utf-8")).items():
        weights = [times**0.5 for times in counts.values()]
        for _ in range(_SAYINGS):
            drawn = draw.choices(list(counts), weights, k=draw.randint(2, 6))
            yield " ".join(drawn), language
