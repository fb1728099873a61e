"""How easy a Spanish text is to read, for the content checks.

The measure is Szigriszt-Pazos (0 to 100 and above, higher is easier), which the INFLESZ scale
reads: 65 and above is "quite easy", what a twelve-year-old reads.
"""

from __future__ import annotations

import re

EASY = 65.0


def ease(text: str) -> float:
    """Return the ease of a text in which each line is a sentence of its own.

    >>> ease("Llamá hoy. No pagués nada.") > ease("Presentación de documentación complementaria.")
    True
    """
    import textstat  # loads dictionaries: only the checks need them

    textstat.set_lang("es")
    lines = (re.sub(r"[*_~]|^\s*(-|\d+\.)", "", line).strip(" .:") for line in text.split("\n"))
    return float(textstat.szigriszt_pazos(". ".join(filter(None, lines)) + "."))
