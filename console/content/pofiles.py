"""PO catalogues as places and texts; changes single messages and leaves every other byte."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.content.po import DRAFTED, REVIEWED, context
from console.content.models.translation import PHRASES

WIDTH = 100
WORDING = "stale: wording"
_CONTEXT = re.compile(r"^utter_faq/(?P<name>[a-z0-9_]+):(?P<place>[A-Za-z.]+)$")
_CONTEXT_LINE = re.compile(r'^msgctxt "(.*)"$', re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """One message: which text of what, the Spanish it was made from, and its translation."""

    name: str
    place: str
    source: str
    text: str
    stale: str = ""
    reviewed: str = ""  # who read it and when, as its comment says
    unread: bool = False  # a machine drafted it, and no speaker of the language has read it

    @property
    def context(self) -> str:
        return self.place if self.name == PHRASES else context(self.name, self.place)

    def entry(self) -> dict[str, Any]:
        marks = {"stale": self.stale, "reviewed": self.reviewed, "unread": self.unread}
        kept = {"source": self.source, "text": self.text}
        return {**kept, **{name: mark for name, mark in marks.items() if mark}}

    @classmethod
    def of(cls, name: str, place: str, source: str, entry: Mapping[str, Any]) -> Text:
        """Return a kept entry as a message, against today's Spanish."""
        return cls(
            name,
            place,
            source,
            entry.get("text", ""),
            entry.get("stale", ""),
            entry.get("reviewed", ""),
            bool(entry.get("unread")),
        )

    def comments(self) -> list[str]:
        """Return what a translator's tool shows above the message."""
        wording = [WORDING] if self.stale == "wording" else []
        return wording + ([f"{REVIEWED}: {self.reviewed}"] if self.reviewed else [])


def read(content: bytes) -> Catalog:
    return read_po(io.BytesIO(content))


def texts(catalog: Catalog, domain: str) -> Iterator[Text]:
    """Yield every message that says where it belongs."""
    drafted = DRAFTED in (catalog.header_comment or "")
    for message in catalog:
        if not message.id or not message.context:
            continue
        name, place = PHRASES, message.context
        if domain == "answers":
            found = _CONTEXT.match(message.context)
            if not found:
                continue
            name, place = found["name"], found["place"]
        stale = "meaning" if message.fuzzy else ""
        if WORDING in message.user_comments:
            stale = "wording"
        reviewed = _reviewed(message)
        yield Text(
            name,
            place,
            str(message.id),
            str(message.string or ""),
            stale,
            reviewed,
            drafted and bool(message.string) and not reviewed,
        )


def _reviewed(message: Message) -> str:
    for comment in message.user_comments:
        if comment.strip().startswith(REVIEWED):
            return comment.strip().removeprefix(REVIEWED).lstrip(": ") or "?"
    return ""


def blocks(content: str) -> list[str]:
    """Return the messages of a file as they stand in it, separated by blank lines."""
    return content.split("\n\n")


def context_of(block: str) -> str:
    found = _CONTEXT_LINE.search(block)
    return found.group(1) if found else ""


def write(text: Text, comments: Any = ()) -> str:
    """Return one message as a block of a PO file."""
    catalog = Catalog(charset="utf-8")
    catalog.add(
        text.source,
        text.text,
        context=text.context,
        flags={"fuzzy"} if text.stale == "meaning" else set(),
        auto_comments=list(comments),
        user_comments=text.comments(),
    )
    stream = io.BytesIO()
    write_po(stream, catalog, width=WIDTH, omit_header=True)
    return stream.getvalue().decode("utf-8").strip("\n")


def change(content: str, changed: Mapping[str, Text], gone: set[str]) -> str:
    """Return a PO file with some messages changed (by context), added, or taken out."""
    left = dict(changed)
    kept: list[str] = []
    for block in blocks(content.rstrip("\n")):
        where = context_of(block)
        if where in gone:
            continue
        if where in left:
            block = write(left.pop(where), _notes(block))
        kept.append(block)
    kept += [write(text) for text in left.values()]
    return "\n\n".join(kept) + ("\n\n" if content.endswith("\n\n") else "\n")


def _notes(block: str) -> list[str]:
    """Return the note for translators above a message, its lines joined."""
    lines = [line[3:] for line in block.splitlines() if line.startswith("#. ")]
    return [" ".join(lines)] if lines else []


def catalog(language: str, messages: Mapping[str, tuple[Text, str]]) -> bytes:
    """Return a whole PO file for a translator: context -> (text, note)."""
    made = Catalog(
        locale=language,
        project="Faro",
        fuzzy=False,
        header_comment=f"# Faro, {language}. The context says where a text is used; "
        "keep every {placeholder}.",
    )
    for where, (text, note) in messages.items():
        made.add(
            text.source,
            text.text,
            context=where,
            flags={"fuzzy"} if text.stale == "meaning" else set(),
            auto_comments=[note] if note else [],
            user_comments=text.comments(),
        )
    stream = io.BytesIO()
    write_po(stream, made, width=WIDTH)
    return stream.getvalue()


__all__ = ["Message", "Text", "blocks", "catalog", "change", "read", "texts", "write"]
