"""The guided conversations as somebody walks through them, in any language.

Words come from the content; which answers lead to which end is written here. ``walk`` leaves
one, begins anew, asks something else in the middle, goes on, and finishes.
"""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from bot.commands import language_of
from bot.content import release as releases
from bot.content.files import read_content
from bot.places import fold
from bot.settings import ROOT

RELEASE = releases.build(read_content(ROOT), 1)
LANGUAGES = ("es", "en", "pt", "fr", "ht")
CHANNELS = ("whatsapp", "sms", "telegram")
A_QUESTION = {
    "es": "como pido refugio en mexico con la comar",
    "en": "how do i ask for refugee status in mexico",
    "pt": "como peço refúgio no méxico na comar",
    "fr": "comment demander l'asile au mexique à la comar",
    "ht": "kijan pou m mande refij nan meksik nan comar",
}


class Walk(NamedTuple):
    """Numbers of the choices, and the phrases of which one is said at the end."""

    answers: tuple[int, ...]
    end: tuple[str, ...]


WALKS = {
    "scam": Walk((1, 1, 1, 2, 2, 2), ("scam_danger",)),
    "path": Walk((1, 3, 1, 2, 1, 2), ("path_found",)),
    "lost": Walk((2, 2, 4, 1), ("lost_money",)),
    "quiz": Walk((2, 2, 2, 2, 2), ("quiz_done", "quiz_done_well")),
}


def steps(guide: str, language: str) -> list[tuple[str, str]]:
    """Return what to write, and what the answer to it must contain, turn by turn."""
    words, walk = RELEASE.content.words[language], WALKS[guide]
    first, *rest = walk.answers
    questions = [step.name for step in RELEASE.content.guides[guide].steps]
    # Which sayings come in a quiz is left to chance: they stand in quotation marks.
    asked = [_said(f"ask_{guide}_{name}", language) for name in questions]
    if guide == "quiz":  # which sayings come is left to chance
        asked = [""] * len(walk.answers)
    # The first words tell the language: "quiz" is said in each.
    begin = next(w for w in words[guide] if language_of(w, RELEASE.content.words) == language)
    began = _said(f"start_{guide}", language)
    return [
        (begin, began),
        (words["quit"][0], _said("guide_left", language)),
        (words["resume"][0], _said("guide_nothing", language)),
        (begin, began),
        (str(first), asked[1]),
        (A_QUESTION[language], "COMAR"),
        (words["resume"][0], asked[1]),
        *((str(number), question) for number, question in zip(rest, asked[2:], strict=False)),
        (str(rest[-1]), _shared([_said(end, language) for end in walk.end])),
    ]


def contains(text: str, expected: str) -> bool:
    """Return whether a text holds another one, whatever accents the channel takes away."""
    return fold(expected) in fold(text)


def _shared(texts: list[str]) -> str:
    """Return what all texts begin with."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return "".join(letters[0] for letters in alike)


def _said(key: str, language: str) -> str:
    """Return how a phrase begins: up to what is filled in, and short enough for one SMS."""
    return RELEASE.phrase(key, language).partition("{")[0].strip()[:40]
