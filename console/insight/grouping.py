"""Puts questions that ask the same together, by the pieces of words they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

Key = TypeVar("Key")

ALIKE = 0.45  # cosine from which two short messages are taken for one question


def groups(texts: Mapping[Key, str], alike: float = ALIKE) -> list[list[Key]]:
    """Return the keys in groups of alike texts, the largest group first."""
    keys: Sequence[Key] = list(texts)
    if not keys:
        return []
    try:
        vectors = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 4),
            strip_accents="unicode",
            # Weighed by how rare they are, the words that many ask with would count least.
            use_idf=False,
        ).fit_transform([texts[key] for key in keys])
    except ValueError:  # nothing but signs
        return [[key] for key in keys]
    near = (vectors @ vectors.T).toarray() >= alike
    left, found = set(range(len(keys))), []
    while left:
        # The message most like others leads; who is like it joins, nobody joins by hearsay.
        members = list(left)
        lead = members[int(np.argmax(near[np.ix_(members, members)].sum(axis=1)))]
        group = [place for place in members if near[lead, place]] or [lead]
        group = [lead, *[place for place in group if place != lead]]
        left -= set(group)
        found.append([keys[place] for place in group])
    return sorted(found, key=len, reverse=True)
