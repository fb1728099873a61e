"""The channels that ``credentials.yml`` names, built without Rasa.

Rasa reads the same file in the same way, so ``rasa run`` has the same channels.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import yaml

from bot import settings
from channels.base import Channel


def load_channels(path: str | Path = "") -> list[Channel]:
    """Return every channel of the file, also those that are off for want of a secret.

    Raise ``SettingError`` if an entry is no channel of ours.
    """
    file = settings.ROOT / (path or settings.get("FARO_CREDENTIALS"))
    entries = yaml.safe_load(file.read_text()) or {}
    return [_class(name).from_credentials(limits) for name, limits in entries.items()]


def _class(name: str) -> type[Channel]:
    module, _, attribute = name.rpartition(".")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise settings.SettingError(f"credentials.yml: there is no channel {name}") from error
    if not (isinstance(found, type) and issubclass(found, Channel)):
        raise settings.SettingError(f"credentials.yml: {name} is no channel")
    return found
