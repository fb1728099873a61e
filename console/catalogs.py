"""Compiles our own translations of the interface, so that no binary file is kept in git."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot import settings as faro

SOURCE = Path(__file__).resolve().parent / "locale"


def compile_catalogs() -> None:
    """Write each language's ``.mo`` into ``var/`` unless it was made from these ``.po`` files.

    ``django.po`` is ours; ``wagtail.po`` fills the gaps that Wagtail's own catalogue has. The file
    made is as old as the newest of them: a later version of Faro on the same ``var/`` may bring
    files that are newer than those and yet older than the day they were read.
    """
    for folder in sorted(SOURCE.glob("*/LC_MESSAGES")):
        target = faro.var_folder() / "console_locale" / folder.relative_to(SOURCE) / "django.mo"
        paths = sorted(folder.glob("*.po"))
        newest = max((path.stat().st_mtime_ns for path in paths), default=0)
        if not paths or (target.exists() and target.stat().st_mtime_ns == newest):
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
        os.utime(target, ns=(newest, newest))
