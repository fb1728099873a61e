"""Which language to speak with a person: what a message says, weighed against what is known."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from bot.places import fold

DEFAULT = "es"
OURS = ("es", "en", "pt", "fr", "ht")

# Without a language so far: how many times likelier the hint of the channel is beforehand.
_HINTED = 3.0
# With a language so far: how likely another must be, and over how many words.
_FLIP, _FLIP_WORDS = 0.85, 2
# When the person chose the language: likewise.
_CHOSEN, _CHOSEN_WORDS = 0.97, 4
# For a language that we do not speak: likewise.
_OTHER, _OTHER_WORDS = 0.8, 3


class Known(NamedTuple):
    """What is known about a person's language before a message."""

    language: str | None = None
    hint: str | None = None
    chosen: bool = False


class Verdict(NamedTuple):
    """The language to answer in, and how sure we are (0 to 1)."""

    name: str
    confidence: float


def decide(shares: Mapping[str, float], words: int, known: Known) -> Verdict:
    """Weigh a message's ``shares`` (language -> probability), drawn from ``words`` telling words.

    >>> decide({"en": 0.99, "es": 0.01}, 5, Known("es"))
    Verdict(name='en', confidence=0.99)
    >>> decide({"en": 0.99, "es": 0.01}, 1, Known("es"))
    Verdict(name='es', confidence=0.5)
    >>> decide({}, 0, Known(hint="fr-CA"))
    Verdict(name='fr', confidence=0.5)
    """
    hint = (known.hint or "").lower().replace("_", "-").split("-")[0]
    settled = known.language if known.language in OURS else None
    stay = Verdict(settled or (hint if hint in OURS else DEFAULT), 0.5)
    if not words or not shares:
        return stay
    if settled is None:
        favoured = {name: p * (_HINTED if name == stay.name else 1.0) for name, p in shares.items()}
        shares = {name: p / sum(favoured.values()) for name, p in favoured.items()}
    best = max(shares, key=lambda name: (shares[name], name))
    found = Verdict(best, round(shares[best], 4))
    if best == stay.name:
        return found
    if settled is None:
        least, enough = 0.5, 1
    elif known.chosen:
        least, enough = _CHOSEN, _CHOSEN_WORDS
    else:
        least, enough = _FLIP, _FLIP_WORDS
    return found if shares[best] >= least and words >= enough else stay


def divide(shares: Mapping[str, float], words: int) -> tuple[dict[str, float], str | None]:
    """Return our languages' shares, made to add up to 1, and another language if it is clear.

    >>> divide({"es": 0.06, "en": 0.02, "kek": 0.92}, 4)
    ({'es': 0.75, 'en': 0.25}, 'kek')
    """
    ours = {name: share for name, share in shares.items() if name in OURS}
    whole = sum(ours.values())
    others = {name: share for name, share in shares.items() if name not in OURS}
    best = max(others, key=lambda name: (others[name], name), default=None)
    clear = best is not None and others[best] >= _OTHER and words >= _OTHER_WORDS
    return {n: round(s / whole, 6) for n, s in ours.items()}, best if clear else None


def telling(text: str, neutral: Collection[str]) -> list[str]:
    """Return the words of a tidied text that can tell a language; ``neutral`` holds folded words.

    >>> telling("ok, tengo la visa 2024", {"ok", "visa"})
    ['tengo', 'la']
    """
    text = re.sub(r"https?://\S+|\S+@\S+", " ", text)
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text.replace("’", "'"))
    return [word for word in words if fold(word) not in neutral]


def requested(
    text: str, names: Mapping[str, Collection[str]], around: Collection[str]
) -> str | None:
    """Return the language that a text asks for, if it says little else.

    ``names`` lists the folded names of each language, ``around`` the folded words that
    may stand beside one. One more word is let pass.

    >>> requested("English please!", {"en": ["english"]}, ["please"])
    'en'
    >>> requested("english class for my kids in school", {"en": ["english"]}, []) is None
    True
    """
    folded = f" {fold(text)} "
    named = [
        (code, name) for code, listed in names.items() for name in listed if f" {name} " in folded
    ]
    if not named:
        return None
    # "no hablo ingles, en español": the last one named is the one wanted.
    code, _ = max(named, key=lambda pair: (folded.rindex(f" {pair[1]} "), len(pair[1])))
    for _, name in sorted(named, key=lambda pair: -len(pair[1])):
        folded = folded.replace(f" {name} ", " ")
    left = [word for word in folded.split() if word not in around]
    return code if len(left) <= 1 else None
