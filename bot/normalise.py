"""How people really type, made readable for a model.

Abbreviations are written out, emoji said in words, and tokens that nobody ever wrote in
the phrases repaired: missing accents, Spanish as it sounds ("ontoy", "bisa"), slips of the
finger, words run together. Known words are never touched, and accents stay: the sentence
encoder reads them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from bot.places import fold
from bot.spelling import Speller

# Zero-width characters, direction marks, soft hyphen, variation selectors, skin tones.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]"
)
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]")


def tidy(text: str) -> str:
    """Return text in lower case, composed, without invisible characters or elongations.

    >>> tidy("HOLAAAA,  ¿qué\\u200b tal?")
    'hola, ¿qué tal?'
    """
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return " ".join(_ELONGATED.sub(r"\1", visible).split())


class Normaliser:
    """Rewrites messages into the words of a vocabulary.

    ``abbreviations`` maps language -> short form -> words, ``emoji`` a sign -> words;
    ``vocabulary`` maps language -> word -> how often it was seen.
    """

    def __init__(
        self,
        abbreviations: Mapping[str, Mapping[str, str]],
        emoji: Mapping[str, str],
        vocabulary: Mapping[str, Mapping[str, int]],
    ) -> None:
        self._abbreviations = abbreviations
        # Invisible joiners are gone from a tidied text.
        self._emoji = {tidy(sign): said for sign, said in emoji.items()}
        longest_first = sorted(self._emoji, key=len, reverse=True)
        self._sign = re.compile("|".join(map(re.escape, longest_first))) if emoji else None
        self.vocabulary = {name: dict(counts) for name, counts in vocabulary.items()}
        everything = {word for counts in self.vocabulary.values() for word in counts}
        self._spellers = {
            name: Speller(counts, everything, by_sound=name == "es")
            for name, counts in self.vocabulary.items()
        }
        self._repair = lru_cache(maxsize=20_000)(self._repair_token)

    @classmethod
    def learn(
        cls,
        abbreviations: Mapping[str, Mapping[str, str]],
        emoji: Mapping[str, str],
        phrases: Iterable[tuple[str, str]],
        often: int = 2,
    ) -> Normaliser:
        """Take the vocabulary from (text, language) pairs: words seen ``often`` or more."""
        counts: dict[str, Counter[str]] = {}
        for text, language in phrases:
            counts.setdefault(language, Counter()).update(words(tidy(text)))
        kept = {
            language: {word: n for word, n in sorted(seen.items()) if n >= often}
            for language, seen in counts.items()
        }
        return cls(abbreviations, emoji, kept)

    def __call__(self, text: str, language: str) -> str:
        """Return a message in lower case with everything readable that can be made so."""
        text = tidy(text)
        if self._sign:
            text = self._sign.sub(lambda sign: f" {self._emoji[sign.group()]} ", text)
        return " ".join(self._repair(token, language) for token in _TOKEN.findall(text))

    def _repair_token(self, token: str, language: str) -> str:
        written_out = self._abbreviations.get(language, {}).get(token)
        if written_out:
            return written_out
        speller = self._spellers.get(language)
        return speller.correct(token) if speller and token[0].isalpha() else token

    def as_data(self) -> dict[str, Any]:
        """Return what ``Normaliser(**data)`` makes an equal one of."""
        return {
            "abbreviations": self._abbreviations,
            "emoji": self._emoji,
            "vocabulary": self.vocabulary,
        }


def words(text: str) -> list[str]:
    """Return the words of a tidied text.

    >>> words("j'ai 3 enfants!")
    ["j'ai", 'enfants']
    """
    return [token for token in _TOKEN.findall(text) if token[0].isalpha() and fold(token)]
