"""The little that must outlive a restart of the web process, as it does at the real providers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Kept:
    """Named objects in one small file; in memory only where there is no file."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._all: dict[str, dict[str, Any]] = {}
        if path and path.exists():
            self._all = json.loads(path.read_text(encoding="utf-8"))

    def get(self, name: str) -> dict[str, Any]:
        """Return what was stored under a name, or an empty object."""
        return dict(self._all.get(name, {}))

    def put(self, name: str, value: dict[str, Any], most: int) -> None:
        """Store an object under a name; only its ``most`` newest entries stay."""
        self._all[name] = dict(list(value.items())[-most:])
        if self._path:
            whole = self._path.with_suffix(".new")
            whole.write_text(json.dumps(self._all, ensure_ascii=False), encoding="utf-8")
            whole.replace(self._path)  # a process killed while writing leaves the old one
