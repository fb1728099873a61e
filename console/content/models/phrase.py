"""What Faro itself says around answers: one short text a key."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from console.content.models.answer import LABEL, Answer
from console.content.models.base import Written

FILE = "data/phrases.yml"


class Phrase(Written):
    """A short text of the bot's own, in Spanish."""

    key = models.CharField(_("key"), max_length=80, unique=True, validators=[LABEL])
    text = models.TextField(
        _("text"), help_text=_("Keep every {name}: the program fills it. Buttons: 20 characters.")
    )
    change = models.CharField(
        _("what changes for translations"),
        max_length=10,
        choices=Answer.Change.choices,
        default=Answer.Change.MEANING,
    )

    class Meta(Written.Meta):
        verbose_name = _("phrase of Faro")
        verbose_name_plural = _("phrases of Faro")

    def __str__(self) -> str:
        return self.key

    def to_data(self) -> str:
        return self.text

    def fill(self, data: Any) -> None:
        self.text = data

    def wanted_file(self) -> str:
        return FILE
