"""The commands people can type or pick in Telegram; their names and descriptions are content.

``data/telegram/<language>.yml`` maps each command to its aliases and its description::

    help: {aliases: [help, ayuda], description: Lo que puedo hacer}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot import settings
from channels.base import Call

FOLDER = "data/telegram"
DEFAULT_LANGUAGE = "es"


@dataclass(frozen=True)
class Commands:
    """Commands by language: language -> command -> {"aliases": [...], "description": ...}."""

    by_language: dict[str, dict[str, dict[str, Any]]]

    @classmethod
    def stored(cls, folder: Path | None = None) -> Commands:
        """Return the commands of every language that has a file."""
        files = sorted((folder or settings.ROOT / FOLDER).glob("*.yml"))
        return cls({file.stem: yaml.safe_load(file.read_text()) or {} for file in files})

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Return alias -> command over all languages: nobody has to know which one is set."""
        found = {}
        for commands in self.by_language.values():
            for command, words in commands.items():
                found[command] = command
                found.update(dict.fromkeys(words.get("aliases", ()), command))
        return found

    def calls(self) -> Iterator[Call]:
        """Yield the calls that show the commands in Telegram's menu, the default one first."""
        languages = sorted(self.by_language, key=lambda language: language != DEFAULT_LANGUAGE)
        for language in languages:
            listed = {
                "commands": [
                    ((words.get("aliases") or [command])[0], words["description"])
                    for command, words in self.by_language[language].items()
                    if words.get("description")
                ]
            }
            if language == DEFAULT_LANGUAGE:
                yield Call("setMyCommands", listed)
            yield Call("setMyCommands", {**listed, "language_code": language})
