"""A training phrase: how somebody might ask for an answer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.languages import LANGUAGES
from console.content.models.base import Written

CHOICES = [(code, name) for code, (name, _locale) in LANGUAGES.items()]


class TrainingPhrase(Written):
    """One example; the model learns from all of a label's examples."""

    language = models.CharField(_("language"), max_length=8, choices=CHOICES)
    label = models.CharField(_("question it asks"), max_length=60, db_index=True)
    text = models.CharField(_("as people write it"), max_length=500)
    from_inbox = models.BooleanField(editable=False, default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    key_field: ClassVar[str] = "text"

    class Meta(Written.Meta):
        verbose_name = _("training phrase")
        verbose_name_plural = _("training phrases")
        indexes = (models.Index(fields=["language", "label"]),)

    def __str__(self) -> str:
        return self.text

    def to_data(self) -> str:
        return self.text

    def fill(self, data: Any) -> None:
        self.text = data

    def wanted_file(self) -> str:
        """Return where the label's other phrases are; a new label's go to its answer's theme."""
        known = TrainingPhrase.objects.filter(label=self.label).exclude(file="").first()
        if known:
            theme = known.file.rsplit("/", 1)[-1]
        else:
            from console.content.models.answer import Answer

            answer = Answer.objects.filter(name=self.label).first()
            theme = f"{answer.theme if answer else 'chat'}.yml"
        return f"data/nlu/{self.language}/{theme}"
