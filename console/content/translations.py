"""What each text's translation is worth: current, to be looked at, held back, missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from bot.content.files import read_answer
from bot.content.placeholders import named
from bot.content.po import texts as texts_of
from console.content.models import Answer, Phrase, Translation
from console.content.models.translation import PHRASES
from console.content.pofiles import Text

CURRENT, UNREAD, WORDING, MEANING, MISSING = "current", "unread", "wording", "meaning", "missing"
LIVE = (CURRENT, UNREAD, WORDING)  # what people are given


def source_places(name: str) -> dict[str, str]:
    """Return place -> approved Spanish text of an answer, or of Faro's own phrases."""
    if name == PHRASES:
        return dict(Phrase.objects.filter(live=True).values_list("key", "text"))
    answer = Answer.objects.filter(name=name, live=True).first()
    return places_of(answer) if answer else {}


def places_of(answer: Any) -> dict[str, str]:
    return dict(texts_of(read_answer(answer.to_data(), PurePosixPath(answer.file))))  # type: ignore[arg-type]


def status(entry: Mapping[str, Any] | None, spanish: str) -> str:
    """Return what one place's translation is worth today."""
    if not entry or not entry.get("text"):
        return MISSING
    if entry.get("stale") == "meaning" or entry.get("source") != spanish:
        return MEANING
    if entry.get("stale") == "wording":
        return WORDING
    return UNREAD if entry.get("unread") else CURRENT


def follow(name: str, change: str) -> int:
    """After new Spanish was approved, mark what was translated from the old; return how many."""
    places, marked = source_places(name), 0
    for translation in Translation.objects.filter(name=name):
        texts = {place: dict(entry) for place, entry in translation.texts.items()}
        for place, entry in texts.items():
            spanish = places.get(place)
            if spanish is None or not entry.get("text") or entry.get("source") == spanish:
                continue
            marked += 1
            # What was already held back is not set free by a later change of wording, and
            # other facts are never "only the wording".
            same = set(named(entry["source"])) == set(named(spanish))
            if change == Answer.Change.WORDING and same and entry.get("stale") != MEANING:
                entry["source"], entry["stale"] = spanish, WORDING
            else:
                entry["stale"] = MEANING
        if texts != translation.texts:
            Translation.objects.filter(pk=translation.pk).update(texts=texts)
    return marked


class DbCatalog:
    """The approved translations of one language, in the place of a PO catalogue."""

    def __init__(self, translations: Mapping[str, Translation]) -> None:
        self._by_name = translations

    def text(self, name: str, place: str, spanish: str) -> str:
        found = self._by_name.get(name)
        return found.said(place, spanish) if found else ""

    def reviewed(self, name: str, place: str, spanish: str) -> bool:
        """Return whether a speaker of the language has read one text."""
        found = self._by_name.get(name)
        return not (found and (found.texts.get(place) or {}).get("unread"))

    def phrases(self, spanish: Mapping[str, str]) -> dict[str, str]:
        found = {key: self.text(PHRASES, key, text) for key, text in spanish.items()}
        return {key: text for key, text in found.items() if text}


def export_texts(
    path: str, base: Mapping[Any, Any], now: Mapping[Any, Any]
) -> tuple[dict[str, Text], set[str]]:
    """Return which messages of a PO file differ from it (by context), and which are gone."""
    del path
    changed: dict[str, Text] = {}
    gone: set[str] = set()
    for key in {*base, *now}:
        before = base[key].texts if key in base else {}
        name = key[-1]
        if key not in now:
            gone |= {Text(name, place, "", "").context for place in before}
            continue
        places = source_places(name)
        for place, entry in now[key].texts.items():
            if entry == before.get(place) or not (entry.get("text") or place in before):
                continue
            # PO shows the Spanish of today; what was made from another is marked fuzzy.
            source = places.get(place, entry["source"])
            old = entry.get("text") and entry["source"] != source
            text = Text.of(name, place, source, {**entry, "stale": MEANING} if old else entry)
            changed[text.context] = text
    return changed, gone
