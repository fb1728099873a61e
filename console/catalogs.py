"""Compiles our own translations of the interface, so that no binary file is kept in git."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot import settings as faro

SOURCE = Path(__file__).resolve().parent / "locale"


def compile_catalogs() -> None:
    """Write each language's ``.mo`` into ``var/`` if one of its ``.po`` files is newer.

    ``django.po`` is ours; ``wagtail.po`` fills the gaps that Wagtail's own catalogue has.
    """
    for folder in sorted(SOURCE.glob("*/LC_MESSAGES")):
        target = faro.var_folder() / "console_locale" / folder.relative_to(SOURCE) / "django.mo"
        paths = sorted(folder.glob("*.po"))
        newest = max((path.stat().st_mtime for path in paths), default=0)
        if not paths or (target.exists() and target.stat().st_mtime >= newest):
            continue
        whole = Catalog(locale=folder.parent.name)
        for path in paths:
            with path.open("rb") as source:
                for message in read_po(source, locale=folder.parent.name):
                    if message.id:
                        whole.add(message.id, message.string)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, whole)
