"""Words that are commands when they stand alone: BORRAR, MENU, MIS DATOS, ..."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.places import fold

Words = Mapping[str, Mapping[str, Sequence[str]]]


def recognise(text: str, words: Words) -> str | None:
    """Return the command that ``text`` is, in any language, else None.

    ``words`` maps language -> command -> words. Only the whole message counts: a
    command inside a sentence is a sentence.

    >>> recognise("¡Borrar!", {"es": {"erase": ["borrar"]}})
    'erase'
    >>> recognise("quiero borrar mi cita", {"es": {"erase": ["borrar"]}}) is None
    True
    >>> recognise("👍🏽", {"es": {"helpful": ["👍"]}}), recognise("!", {"es": {"helpful": ["👍"]}})
    ('helpful', None)
    """
    found = _known(words).get(_folded(text))
    return found[0][1] if found else None


def numbered(text: str, words: Mapping[str, Sequence[str]]) -> int:
    """Return which number a word is in a language ("dos" is 2), 0 if it is none.

    >>> numbered("Dos", {"numbers": ["uno", "dos"]})
    2
    """
    said = _folded(text)
    listed = [_folded(word) for word in words.get("numbers", ())]
    return listed.index(said) + 1 if said in listed else 0


def language_of(text: str, words: Words) -> str | None:
    """Return the language in which ``text`` is a command, None if it is none or of several.

    >>> words = {"es": {"quiz": ["jugar", "quiz"]}, "en": {"quiz": ["fact or myth", "quiz"]}}
    >>> language_of("Fact or myth?", words), language_of("quiz", words)
    ('en', None)
    """
    said = {language for language, _ in _known(words).get(_folded(text), ())}
    return said.pop() if len(said) == 1 else None


# Every message is looked up, several times, in the words of the release at hand.
_last: tuple[Words, dict[str, list[tuple[str, str]]]] | None = None


def _known(words: Words) -> dict[str, list[tuple[str, str]]]:
    """Return in which languages each word is which command, in the order of ``words``."""
    global _last
    if _last is None or _last[0] is not words:
        found: dict[str, list[tuple[str, str]]] = {}
        for language, commands in words.items():
            for command, listed in commands.items():
                for word in listed:
                    found.setdefault(_folded(word), []).append((language, command))
        _last = words, found
    return _last[1]


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """Return a text as it is compared; one without letters, such as a thumb, as its first sign."""
    return fold(text) or text.strip()[:1]
