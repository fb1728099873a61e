"""``faro content ...``: the checks and the translators' files."""

from __future__ import annotations

from bot import settings
from bot.content import checks, live, po
from bot.content.codec import ContentError
from bot.content.files import read_content
from bot.settings import ROOT


def check() -> int:
    """Print every problem, one a line; return 1 if there is any."""
    try:
        problems = checks.problems(read_content(ROOT))
    except ContentError as error:
        problems = error.problems
    for problem in problems:
        print(problem)  # noqa: T201 - a command speaks to its user
    print(f"{len(problems)} problems" if problems else "No problems.")  # noqa: T201
    return int(bool(problems))


def export() -> int:
    """Bring every PO file up to date with the Spanish texts; keep what is translated."""
    content = read_content(ROOT)
    answers = {
        po.context(name, place): (text, answer.note if place == "title" else "")
        for name, answer in content.answers["es"].items()
        for place, text in po.texts(answer)
    }
    phrases = {key: (text, "") for key, text in content.phrases["es"].items()}
    for folder in sorted((ROOT / "locales").iterdir()):
        if folder.is_dir():
            messages = folder / "LC_MESSAGES"
            po.update(messages / "answers.po", folder.name, answers, {})
            po.update(messages / "bot.po", folder.name, phrases, {})
    return 0


def publish() -> int:
    """Make what stands in ``data/`` and ``locales/`` the live release of ``REDIS_URL``."""
    if not settings.get("REDIS_URL"):
        raise settings.SettingError("Set REDIS_URL to the store of the running Faro.")
    try:
        release = live.publish_files()
    except ContentError:
        return check()
    print(f"Release {release.number} is live.")  # noqa: T201
    return 0
