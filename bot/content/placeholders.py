"""Placeholders in answers: ``{fact.id}`` is filled, ``{^fact.id}`` only cites its fact.

Staff write the text, so nothing in it is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_PLACEHOLDER = re.compile(r"\{(\^?)([a-z_][a-z0-9_.]*)\}")


def named(text: str) -> list[str]:
    """Return the names a text fills or cites, in order, each once.

    >>> named("Tenés {us.days} para pedirlo. {^us.rule} Llamá al {here.emergency}.")
    ['us.days', 'us.rule', 'here.emergency']
    """
    return list(dict.fromkeys(found.group(2) for found in _PLACEHOLDER.finditer(text)))


def fill(text: str, value_of: Callable[[str], str]) -> str:
    """Return ``text`` with every placeholder filled and every citation taken out.

    >>> fill("Tenés {us.days}. {^us.rule}", {"us.days": "30 días"}.__getitem__)
    'Tenés 30 días.'
    """

    def replace(found: re.Match[str]) -> str:
        return "" if found.group(1) else value_of(found.group(2))

    return re.sub(r"[ \t]+(?=\n|$)", "", _PLACEHOLDER.sub(replace, text))
