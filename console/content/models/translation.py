"""One answer, or all of Faro's phrases, in one other language.

Kept as places (``text``, ``HN.sms``, a phrase's key) with the Spanish each was made from.
That is what a PO catalogue holds too, so nothing is lost on the way to a translator's tool.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.languages import LANGUAGES
from console.content.models.base import Written

PHRASES = "_phrases"  # the name of the translation that holds Faro's own phrases
CHOICES = [(code, name) for code, (name, _locale) in LANGUAGES.items() if code != "es"]


class Translation(Written):
    """``texts``: place -> {"source": Spanish it was made from, "text", "stale": wording|meaning}"""

    key = models.CharField(max_length=80, unique=True, editable=False)  # en:tps
    language = models.CharField(_("language"), max_length=8, choices=CHOICES, db_index=True)
    name = models.CharField(_("label"), max_length=60, db_index=True)
    texts = models.JSONField(_("texts"), default=dict)

    page_order: ClassVar[int] = 20

    class Meta(Written.Meta):
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ("language", "name")

    def __str__(self) -> str:
        return f"{self.title} · {self.get_language_display()}"

    @property
    def title(self) -> str:
        return str(_("phrases of Faro")) if self.name == PHRASES else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = f"{self.language}:{self.name}"
        super().save(*args, **kwargs)

    def to_data(self) -> dict[str, Any]:
        return {place: entry for place, entry in self.texts.items() if entry.get("text")}

    def fill(self, data: Any) -> None:
        self.texts = data

    def wanted_file(self) -> str:
        domain = "bot" if self.name == PHRASES else "answers"
        return f"locales/{self.language}/LC_MESSAGES/{domain}.po"

    def said(self, place: str, spanish: str) -> str:
        """Return the translation of a text if it may be said, else ""."""
        entry = self.texts.get(place) or {}
        if entry.get("stale") == "meaning" or entry.get("source") != spanish:
            return ""
        return str(entry.get("text") or "")
