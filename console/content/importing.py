"""``console import``: takes ``data/`` and ``locales/`` into the console's database.

The first time everything is taken. Later (after a ``git pull``) an entry is taken only if
nobody changed it in the console since; where both sides changed it, the console's stands
and the entry is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from console.content import entries
from console.content.models import SourceFile


@dataclass
class Report:
    """What an import did."""

    files: int = 0
    created: int = 0
    updated: int = 0
    removed: int = 0
    conflicts: list[str] = field(default_factory=list)


@transaction.atomic
def import_files(root: Path) -> Report:
    """Bring the database up to date with the files below ``root``."""
    report = Report()
    known = {file.path: bytes(file.content) for file in SourceFile.objects.all()}
    fresh: list[Any] = []
    for path in entries.paths(root):
        name = path.relative_to(root).as_posix()
        content = path.read_bytes()
        if known.get(name) == content:
            continue
        report.files += 1
        new = {(type(e), *entries.identity(e)): e for e in entries.read(name, content)}
        if name in known:
            base = {(type(e), *entries.identity(e)): e for e in entries.read(name, known[name])}
            fresh += _merge(name, base, new, report)
        else:
            fresh += _only_unknown(name, new, report)
        SourceFile.objects.update_or_create(path=name, defaults={"content": content})
    _create(fresh)
    report.created += len(fresh)
    return report


def _only_unknown(name: str, new: dict[Any, Any], report: Report) -> list[Any]:
    """Return the entries of a file never read that the database has not got from elsewhere."""
    found = []
    for model in {type(each) for each in new.values()}:
        here = {(model, *entries.identity(row)): row for row in model.objects.filter(file=name)}
        for key, each in new.items():
            if key[0] is model and key not in here:
                found.append(each)
            elif key[0] is model and here[key].to_data() != each.to_data():
                report.conflicts.append(f"{name}: {'/'.join(key[1:])}")
    return found


def _merge(name: str, base: dict[Any, Any], new: dict[Any, Any], report: Report) -> list[Any]:
    created = []
    rows = {
        (model, *entries.identity(row)): row
        for model in {key[0] for key in (*base, *new)}
        for row in model.objects.filter(file=name)
    }
    for key, each in new.items():
        row, before = rows.get(key), base.get(key)
        if row is None:
            if before is None:  # else it was deleted in the console on purpose
                created.append(each)
            continue
        if row.position != each.position:
            type(row).objects.filter(pk=row.pk).update(position=each.position)
        if row.to_data() == each.to_data() or (before and each.to_data() == before.to_data()):
            continue
        if before is None or row.to_data() != before.to_data():
            report.conflicts.append(f"{name}: {'/'.join(key[1:])}")
            continue
        _take_over(row, each)
        report.updated += 1
    for key in base.keys() - new.keys():
        row = rows.get(key)
        if row is not None and row.to_data() == base[key].to_data():
            row.delete()
            report.removed += 1
    return created


def _take_over(row: Any, each: Any) -> None:
    """Make a row say what the file says; a draft that stands on it is left to its author."""
    each.pk = row.pk
    values = row.written({field.name: getattr(each, field.name) for field in row._meta.fields})
    type(row).objects.filter(pk=row.pk).update(**values, last_published_at=timezone.now())


def _create(objects: Iterable[Any]) -> None:
    """Store imported entries as approved ones."""
    now = timezone.now()
    by_model: dict[Any, list[Any]] = {}
    for each in objects:
        each.live = True
        each.first_published_at = each.last_published_at = now
        by_model.setdefault(type(each), []).append(each)
    for model, rows in by_model.items():
        model.objects.bulk_create(rows, batch_size=500)
