"""Translations as gettext PO files, which translators' own tools open.

Each text of an answer is one message: its context says where it belongs
(``utter_faq/tps:text``, ``utter_faq/tps:HN.sms``), its id is the Spanish text. A
translation counts only if its Spanish is still the same and it is not marked fuzzy.

A file whose header says "machine-drafted" counts as unreviewed, text by text, until a
translator's comment on the text begins with "reviewed" (``# reviewed: Marie, 2026-12-01``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from babel.messages.catalog import Catalog as BabelCatalog
from babel.messages.pofile import read_po, write_po

from bot.content.model import Answer, Wording

FORMS = ("text", "sms", "telegram")
DRAFTED = "machine-drafted"
REVIEWED = "reviewed"


def context(name: str, place: str) -> str:
    """Return the context of one text of an answer.

    >>> context("tps", "HN.sms")
    'utter_faq/tps:HN.sms'
    """
    return f"utter_faq/{name}:{place}"


def texts(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of everything in an answer that is translated."""
    yield "title", answer.title
    for code, wording in [("", answer.general), *sorted(answer.countries.items())]:
        for form in FORMS:
            text = getattr(wording, form)
            inherited = code and form == "text" and text == answer.general.text
            if text and not inherited:
                yield f"{code}.{form}" if code else form, text


class Catalog:
    """The translations of one language: ``answers.po`` and ``bot.po``."""

    def __init__(self, answers: BabelCatalog, bot: BabelCatalog) -> None:
        self._answers = answers
        self._bot = bot

    @classmethod
    def load(cls, folder: Path) -> Catalog:
        return cls(_load(folder / "answers.po"), _load(folder / "bot.po"))

    def text(self, name: str, place: str, spanish: str) -> str:
        """Return the translation of one text of an answer, or "" if there is none to trust."""
        return _translation(self._answers, spanish, context(name, place))

    def reviewed(self, name: str, place: str, spanish: str) -> bool:
        """Return whether a speaker of the language has read one text of an answer."""
        if DRAFTED not in self._answers.header_comment:
            return True
        message = self._answers.get(spanish, context(name, place))
        return message is not None and any(
            comment.strip().startswith(REVIEWED) for comment in message.user_comments
        )

    def phrases(self, spanish: Mapping[str, str]) -> dict[str, str]:
        """Return the translated phrases by key; untranslated ones are absent."""
        found = {key: _translation(self._bot, text, key) for key, text in spanish.items()}
        return {key: text for key, text in found.items() if text}


def _load(path: Path) -> BabelCatalog:
    if not path.exists():
        return BabelCatalog()
    with path.open("rb") as file:
        return read_po(file)


def _translation(catalog: BabelCatalog, spanish: str, where: str) -> str:
    message = catalog.get(spanish, where)
    if message is None or message.fuzzy or not message.string:
        return ""
    return str(message.string)


def translated(answer: Answer, catalog: Catalog) -> Answer | None:
    """Return an answer in the catalog's language, or None unless all of it is translated.

    Half an answer in each language helps nobody; a missing text makes the whole
    answer fall back to Spanish.
    """
    found = {place: catalog.text(answer.name, place, text) for place, text in texts(answer)}
    if not all(found.values()):
        return None

    def wording(code: str, spanish: Wording) -> Wording:
        prefix = f"{code}." if code else ""
        general = found["text"]
        return Wording(
            text=found.get(f"{prefix}text", general),
            sms=found.get(f"{prefix}sms", ""),
            telegram=found.get(f"{prefix}telegram", ""),
        )

    return replace(
        answer,
        title=found["title"],
        general=wording("", answer.general),
        countries={code: wording(code, spanish) for code, spanish in answer.countries.items()},
        reviewed=all(catalog.reviewed(answer.name, place, text) for place, text in texts(answer)),
    )


def update(
    path: Path, language: str, sources: Mapping[str, tuple[str, str]], known: Mapping[str, str]
) -> None:
    """Write a PO file anew from context -> (Spanish, note) and context -> translation.

    What was translated before is kept; where the Spanish changed since, the old
    translation stays beside it, marked fuzzy, until a translator has looked at it.
    """
    before = _load(path)
    old = {message.context: message for message in before if message.id}
    catalog = BabelCatalog(
        locale=language,
        project="Faro",
        header_comment=before.header_comment
        if path.exists()
        else f"# Faro, {language}. The context says where a text is used; keep {{placeholders}}.",
        fuzzy=False,
    )
    catalog.creation_date = before.creation_date
    catalog.revision_date = before.revision_date
    for where, (spanish, note) in sources.items():
        previous = old.get(where)
        string = known.get(where, "")
        flags: set[str] = set()
        if not string and previous is not None:
            string = str(previous.string)
            if string and (previous.fuzzy or previous.id != spanish):
                flags = {"fuzzy"}
        catalog.add(
            spanish,
            string,
            context=where,
            flags=flags,
            auto_comments=[note] if note else [],
            # A changed text has to be reviewed anew.
            user_comments=previous.user_comments if previous is not None and not flags else [],
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, omit_header=False, sort_output=False)
