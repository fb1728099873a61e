"""PO files to translators and back. What comes back is a draft that a second person approves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.content.placeholders import named
from console.content import pofiles
from console.content.models import Answer, Translation
from console.content.models.translation import PHRASES
from console.content.translations import CURRENT, MEANING, WORDING, status
from console.translation.coverage import sources


@dataclass
class Taken:
    """What an upload led to."""

    texts: int = 0
    drafts: list[Translation] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def download(language: str, only_open: bool = False) -> bytes:
    """Return a language's catalogue; ``only_open``: what is missing, stale or held back."""
    notes = dict(Answer.objects.filter(live=True).values_list("name", "note"))
    known = {row.name: row.texts for row in Translation.objects.filter(language=language)}
    messages = {}
    for name, places in sources().items():
        for place, spanish in places.items():
            entry = known.get(name, {}).get(place)
            state = status(entry, spanish)
            if only_open and state == CURRENT:
                continue
            stale = MEANING if state in (WORDING, MEANING) else ""
            text = pofiles.Text.of(name, place, spanish, {**(entry or {}), "stale": stale})
            messages[text.context] = (text, notes.get(name, "") if place == "title" else "")
    return pofiles.catalog(language, messages)


@transaction.atomic
def upload(language: str, content: bytes, user: Any) -> Taken:
    """Take a translator's file in; raise ``ValueError`` if it is for another language or broken."""
    catalog = pofiles.read(content)
    header = str(catalog.locale or "")
    if header.split("_")[0] != language:
        raise ValueError(
            _("This file says it is for “%(other)s”, not for this language.")
            % {"other": header or "?"}
        )
    spanish, taken = sources(), Taken()
    texts = [*pofiles.texts(catalog, "answers")]
    mapped = {text.context for text in texts}
    texts += [t for t in pofiles.texts(catalog, "bot") if t.context not in mapped]
    by_name: dict[str, list[pofiles.Text]] = {}
    for text in texts:
        if problem := _problem(text, spanish):
            taken.warnings.append(f"{text.context}: {problem}")
        elif text.text and not text.stale:
            by_name.setdefault(text.name, []).append(text)
    for name, found in by_name.items():
        _draft(language, name, found, user, taken)
    return taken


def _problem(text: pofiles.Text, spanish: dict[str, dict[str, str]]) -> str:
    """Return why a message cannot be taken; what is blank or fuzzy is passed over in silence."""
    if not text.text or text.stale:
        return ""
    source = spanish.get(text.name, {}).get(text.place)
    if source is None:
        return _("there is no such text any more")
    if source != text.source:
        return _("the Spanish was changed since this file was made; translate it anew")
    if set(named(source)) != set(named(text.text)):
        wrong = ", ".join(sorted(set(named(source)) ^ set(named(text.text))))
        return _("facts differ from the Spanish: %(name)s") % {"name": wrong}
    return ""


def _draft(language: str, name: str, texts: list[pofiles.Text], user: Any, taken: Taken) -> None:
    row = get(language, name).get_latest_revision_as_object()
    before = row.texts
    # A person sends this file: what it says was read by one.
    drafted = any(entry.get("unread") or entry.get("reviewed") for entry in before.values())
    by = f"{user.get_username()}, {timezone.now():%Y-%m-%d}" if drafted else ""
    new = {
        text.place: replace(text, reviewed=text.reviewed or by, unread=False).entry()
        for text in texts
        if (before.get(text.place) or {}).get("text") != text.text
        or (before.get(text.place) or {}).get("source") != text.source
        or (before.get(text.place) or {}).get("stale")
        or (text.reviewed and (before.get(text.place) or {}).get("unread"))
    }
    if not new:
        return
    row.texts = {**before, **new}
    row.save_revision(user=user)
    taken.texts += len(new)
    taken.drafts.append(row)
    workflow = row.get_workflow()
    if workflow and not row.workflow_in_progress:
        workflow.start(row, user)


def get(language: str, name: str) -> Translation:
    """Return the translation of something, begun if there is none."""
    row, _made = Translation.objects.get_or_create(
        language=language, name=name, defaults={"live": False, "texts": {}}
    )
    return row


__all__ = ["PHRASES", "Taken", "download", "get", "upload"]
