"""``console export``: the approved state as files again, byte for byte where nothing changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from console.content import entries, pofiles, yamlfiles
from console.content.models import (
    SNIPPETS,
    Answer,
    Contact,
    Fact,
    SourceFile,
    TrainingPhrase,
    Translation,
)
from console.content.models.yaml_text import YamlText
from console.content.translations import export_texts

ANSWER = ("answer", "title", "asks", "text", "sms", "telegram", "countries", "next", "note")
FACT = (
    "id",
    "country",
    "name",
    "role",
    "type",
    "value",
    "unit",
    "claim",
    "who",
    "hours",
    "languages",
    "free",
    "source",
    "checked_on",
    "valid_until",
    "withdraw_after",
    "volatility",
    "confidence",
    "owner",
    "live",
    "note",
)


def files(more: Iterable[Any] = ()) -> dict[str, bytes]:
    """Return every content file by path as the approved state, and ``more`` rows, would have it."""
    kept = {file.path: bytes(file.content) for file in SourceFile.objects.all()}
    rows: dict[str, list[Any]] = defaultdict(list)
    for model in SNIPPETS:
        for row in model.objects.filter(live=True).order_by("file", "position", "pk"):
            rows[row.file].append(row)
    for row in more:
        rows[row.file].append(row)
    return {
        path: content
        for path in sorted({*kept, *rows})
        if (content := _file(path, kept.get(path, b""), rows.get(path, []))) is not None
    }


def write(root: Path, more: Iterable[Any] = ()) -> list[str]:
    """Write the files below ``root`` and return the paths of those that changed."""
    changed = []
    for name, content in files(more).items():
        path = root / name
        if path.exists() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        changed.append(name)
    return changed


def _file(path: str, content: bytes, rows: list[Any]) -> bytes | None:
    """Return one file's bytes, or None if nothing is left that it would hold."""
    base = {entries.identity(each): each for each in entries.read(path, content)} if content else {}
    now = {entries.identity(each): each for each in rows}
    changed = {
        key: each
        for key, each in now.items()
        if key not in base or base[key].to_data() != each.to_data()
    }
    gone = set(base) - set(now)
    if path.startswith("locales/"):
        texts, removed = export_texts(path, base, now)
        if not texts and not removed:
            return content
        return pofiles.change(content.decode("utf-8"), texts, removed).encode("utf-8")
    if not changed and not gone:
        return content
    if not now and path.startswith(("data/answers/", "data/crisis/", "data/guides/")):
        return None
    text = content.decode("utf-8")
    kind = type(next(iter((now or base).values())))
    if kind is Answer:
        ((key, row),) = now.items()
        old = base[key].to_data() if key in base else {}
        return yamlfiles.amend(text, old, row.to_data(), ANSWER, item=False).encode("utf-8")
    if issubclass(kind, YamlText):
        return str(rows[0].text).encode("utf-8")
    if kind is TrainingPhrase:
        return _training(text, rows).encode("utf-8")
    if kind in (Fact, Contact):
        return _list(text, kind.folder, base, changed, gone).encode("utf-8")
    return _mapping(text, changed, gone).encode("utf-8")


def _list(
    text: str, root: str, base: Mapping[Any, Any], changed: Mapping[Any, Any], gone: set[Any]
) -> str:
    text = text or f"{root}:\n"
    places = {(entry.key,): entry for entry in yamlfiles.listed(text, root)}
    edits = {places[key]: "" for key in gone}
    added = ""
    for key, row in changed.items():
        if key in places:
            old = base[key].to_data()
            part = yamlfiles.cut(text, places[key])
            edits[places[key]] = yamlfiles.amend(part, old, row.to_data(), FACT, item=True)
        else:
            added += yamlfiles.amend("", {}, row.to_data(), FACT, item=True)
    return yamlfiles.replace(text, edits) + added


def _mapping(text: str, changed: Mapping[Any, Any], gone: set[Any]) -> str:
    places = {entry.key: entry for entry in yamlfiles.keyed(text)}
    edits = {places[key[-1]]: "" for key in gone}
    added = ""
    for row in changed.values():
        place = places.get(row.entry_key)
        part = yamlfiles.dump_key(
            row.entry_key, row.to_data(), yamlfiles.cut(text, place) if place else ""
        )
        if place:
            edits[place] = part
        else:
            added += part
    return yamlfiles.replace(text, edits) + added


def _training(text: str, rows: list[Any]) -> str:
    """Return a file of examples: a label's new ones at its end, those taken out gone."""
    wanted: dict[str, list[str]] = {}
    for row in rows:
        wanted.setdefault(row.label, []).append(row.text)
    out: list[str] = []
    label, seen = "", set[str]()

    def finish() -> None:
        if label:
            out.extend(f"    - {t}\n" for t in wanted.pop(label, []) if t not in seen)

    for line in (text or 'version: "3.1"\nnlu:\n').splitlines(keepends=True):
        if line.lstrip().startswith("- intent:"):
            finish()
            label, seen = line.split("- intent:")[1].strip().removeprefix("faq/"), set()
        elif found := entries.lines(line):
            if label and found[0] not in wanted.get(label, []):
                continue
            seen.add(found[0])
        out.append(line)
    finish()
    for label, phrases in wanted.items():
        out.append(f"- intent: faq/{label}\n  examples: |\n")
        out.extend(f"    - {phrase}\n" for phrase in phrases)
    return "".join(out)


__all__ = ["Translation", "files", "write"]
