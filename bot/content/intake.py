"""Takes a PO file that a translator sends back: only what fits, and every problem by its line."""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from bot.content.placeholders import named

PROJECT = "Faro"


def take(path: Path, language: str, spanish: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return context -> translation of what may be taken over, and what may not, line by line.

    ``spanish`` maps each context to the text as it is now. Fuzzy and empty entries are left
    out silently: they are the translator's unfinished work.
    """
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, OSError) as error:
        return {}, [f"{path}: cannot be read as a PO file: {error}"]
    if catalog.project != PROJECT:
        return {}, [f"{path}: is for the project {catalog.project!r}, not for {PROJECT}"]
    if str(catalog.locale_identifier or "").split("_")[0] != language:
        return {}, [f"{path}: is in {catalog.locale_identifier!r}, not in {language}"]
    taken: dict[str, str] = {}
    problems: list[str] = []
    for message in catalog:
        if not message.id or message.fuzzy or not message.string:
            continue
        where = f"{path}:{message.lineno}: {message.context}"
        now = spanish.get(message.context or "")
        if now is None:
            problems.append(f"{where}: there is no such text; it may have been renamed")
        elif now != message.id:
            problems.append(f"{where}: the Spanish has changed since; translate the new text")
        elif set(named(str(message.string))) != set(named(now)):
            wrong = sorted(set(named(str(message.string))) ^ set(named(now)))
            problems.append(f"{where}: placeholders differ from the Spanish: {', '.join(wrong)}")
        else:
            taken[message.context or ""] = str(message.string)
    return taken, problems
