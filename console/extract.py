"""``python -m console.extract``: brings ``console/locale/*/django.po`` up to date with the texts.

Django's own command needs the gettext programs; Babel and Django's template reader do the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from console.catalogs import SOURCE

BASE = Path(__file__).resolve().parent
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "N": None,
    "ngettext": (1, 2),
}  # fmt: skip
_PLACES = re.compile(r"%\(\w+\)s")


def messages() -> Iterator[tuple[Any, str]]:
    """Yield (message, file) of every text of the interface."""
    for path in sorted([*BASE.rglob("*.py"), *BASE.rglob("*.html")]):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = templatize(text, origin=str(path))
        source = io.BytesIO(text.encode())
        for _line, function, message, _comments in extract_python(source, list(KEYWORDS), [], {}):
            if function == "ngettext" and isinstance(message, tuple):
                message = message[:2]
            elif isinstance(message, tuple):
                message = message[0]
            if message and (not isinstance(message, tuple) or all(message[:2])):
                yield message, path.relative_to(BASE).as_posix()


def update(language: str) -> list[str]:
    """Write a language's catalogue anew, keeping what is translated; return what is missing."""
    path = SOURCE / language / "LC_MESSAGES" / "django.po"
    old = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=language)
    new = Catalog(locale=language, project="Faro console", fuzzy=False)
    new.creation_date, new.revision_date = old.creation_date, old.revision_date
    for message, where in messages():
        single = message[0] if isinstance(message, tuple) else message
        known = old.get(single)
        string = known.string if known is not None else ""
        if isinstance(message, tuple) and not isinstance(string, tuple):
            string = ("", "")
        new.add(message, string, locations=[(where, 0)])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=100, no_location=False, include_lineno=False)
    return [str(m.id) for m in new if m.id and not any(m.string if m.pluralizable else [m.string])]


if __name__ == "__main__":
    for missing in update("es"):
        print(missing)  # noqa: T201 - a command speaks to its user
