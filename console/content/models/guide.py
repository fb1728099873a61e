"""A guided conversation: a few questions with choices, then what follows from the answers."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.content.files import read_guide
from bot.guides import problems
from console.content.models.answer import LABEL, Answer
from console.content.models.base import Written
from console.content.models.phrase import Phrase
from console.content.models.yaml_text import YamlText


class Guide(YamlText):
    """One file of steps and results. Its words are phrases and answers, edited there."""

    name = models.CharField(_("name"), max_length=40, unique=True, validators=[LABEL])

    key_field: ClassVar[str] = "name"

    class Meta(Written.Meta):
        verbose_name = _("guided conversation")
        verbose_name_plural = _("guided conversations")

    def __str__(self) -> str:
        return self.name

    def content(self) -> Any:
        """Return the guide as a release holds it; raise ``ContentError`` if it cannot be one."""
        return read_guide(self.data(), PurePosixPath(self.wanted_file()))  # type: ignore[arg-type]

    def problems(self, data: Any) -> list[str]:
        phrases = dict(Phrase.objects.filter(live=True).values_list("key", "text"))
        answers = list(Answer.objects.filter(live=True).values_list("name", flat=True))
        return problems({self.name: self.content()}, phrases, answers)

    def wanted_file(self) -> str:
        return f"data/guides/{self.name}.yml"
