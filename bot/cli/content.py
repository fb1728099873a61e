"""``faro content ...``: the checks and the translators' files."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot import settings
from bot.content import checks, live, po
from bot.content.codec import ContentError
from bot.content.coverage import coverage, draw
from bot.content.files import read_content
from bot.content.intake import take
from bot.content.model import SOURCE_LANGUAGE, Content
from bot.languages import own_name
from bot.runtime.store import client
from bot.settings import ROOT

console = Console(highlight=False, soft_wrap=True)


def check() -> int:
    """Print every problem, one a line; return 1 if there is any."""
    try:
        problems = checks.problems(read_content(ROOT))
    except ContentError as error:
        problems = error.problems
    for problem in problems:
        console.print(problem, markup=False)
    console.print(f"{len(problems)} problems" if problems else "No problems.")
    return int(bool(problems))


def export() -> int:
    """Bring every PO file up to date with the Spanish texts; keep what is translated."""
    content = read_content(ROOT)
    for language in _languages():
        for name, texts in _sources(content).items():
            po.update(_file(language, name), language, texts, {})
    return 0


def take_in(path: Path, language: str) -> int:
    """Take over a PO file that a translator sent; print what could not be taken, by line."""
    content = read_content(ROOT)
    if language not in _languages():
        raise settings.SettingError(f"There is no language {language} in locales/.")
    name = "bot" if path.stem.startswith("bot") else "answers"
    texts = _sources(content)[name]
    taken, problems = take(path, language, {where: text for where, (text, _) in texts.items()})
    for problem in problems:
        console.print(problem, markup=False)
    if taken:
        po.update(_file(language, name), language, texts, taken)
    console.print(f"{len(taken)} texts taken over, {len(problems)} not.")
    return int(bool(problems))


def stats(picture: Path | None) -> int:
    """Print how much each language has; draw it if a picture is wanted."""
    rows = coverage(read_content(ROOT))
    table = Table("language", "answers", "translated", "reviewed")
    for row in rows:
        table.add_row(
            own_name(row.language), str(row.total), str(row.translated), str(row.reviewed)
        )
    console.print(table)
    if picture:
        draw(rows, picture)
    return 0


def publish() -> int:
    """Make what stands in ``data/`` and ``locales/`` the live release of ``REDIS_URL``."""
    url = settings.get("REDIS_URL")
    if not url:
        raise settings.SettingError("Set REDIS_URL to the store of the running Faro.")
    try:
        release = live.publish_files()
    except ContentError:
        return check()
    console.print(f"Release {release.number} is live.")
    if live.is_staffs(client(url)):
        console.print(
            "It is the one that staff published, and stays. `python -m console import` brings them "
            "what is new in data/ and locales/."
        )
    return 0


def _languages() -> list[str]:
    return sorted(folder.name for folder in (ROOT / "locales").iterdir() if folder.is_dir())


def _file(language: str, name: str) -> Path:
    return ROOT / "locales" / language / "LC_MESSAGES" / f"{name}.po"


def _sources(content: Content) -> dict[str, dict[str, tuple[str, str]]]:
    """Return PO file -> context -> (Spanish text, note for translators)."""
    return {
        "answers": {
            po.context(name, place): (text, answer.note if place == "title" else "")
            for name, answer in content.answers[SOURCE_LANGUAGE].items()
            for place, text in po.texts(answer)
        },
        "bot": {key: (text, "") for key, text in content.phrases[SOURCE_LANGUAGE].items()},
    }
