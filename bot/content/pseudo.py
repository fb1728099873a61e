"""A made-up language that is longer and stranger than any real one, to test every layout."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.content.model import Answer, Content, Wording

LANGUAGE = "xx"
_PLACEHOLDER = re.compile(r"(\{[^}]*\})")
_STRANGE = str.maketrans("aeiouncAEIOUNC", "ăęįøūňčĂĘĮØŪŇČ")
LONGER = 1.4  # German is to English what no language of ours is to Spanish


def pseudo(text: str) -> str:
    """Return a text as the made-up language writes it; placeholders stay.

    >>> pseudo("Llamá al {us.line}.")
    'Llămá ăl {us.line}.~~~~~~~'
    """
    strange = "".join(
        part if part.startswith("{") else part.translate(_STRANGE)
        for part in _PLACEHOLDER.split(text)
    )
    return strange + "~" * int(len(text) * (LONGER - 1))


def with_pseudo(content: Content) -> Content:
    """Return the content with one more language."""

    def wording(spanish: Wording) -> Wording:
        return Wording(*(form and pseudo(form) for form in vars(spanish).values()))

    def answer(spanish: Answer) -> Answer:
        return replace(
            spanish,
            title=pseudo(spanish.title),
            general=wording(spanish.general),
            countries={code: wording(words) for code, words in spanish.countries.items()},
        )

    return replace(
        content,
        answers={
            **content.answers,
            LANGUAGE: {name: answer(said) for name, said in content.answers["es"].items()},
        },
        phrases={
            **content.phrases,
            LANGUAGE: {key: pseudo(text) for key, text in content.phrases["es"].items()},
        },
    )
