"""The crisis rules of one language, as the protection officer reads and writes them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.crisis.checks import problems
from console.content.models.base import Written
from console.content.models.yaml_text import YamlText


class CrisisRuleSet(YamlText):
    """One file of rules. Each rule proves itself on its own examples."""

    language = models.CharField(_("language"), max_length=8, unique=True)

    key_field: ClassVar[str] = "language"

    class Meta(Written.Meta):
        verbose_name = _("crisis rules")
        verbose_name_plural = _("crisis rules")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} ({self.language})"

    def problems(self, data: Any) -> list[str]:
        """Return what is wrong here, the other languages' rules being as they are."""
        approved = CrisisRuleSet.objects.filter(live=True).exclude(pk=self.pk)
        others = {each.language: each.data() for each in approved}
        mine = f"crisis/{self.language}.yml"
        return [line for line in problems({**others, self.language: data}) if mine in line]

    def wanted_file(self) -> str:
        return f"data/crisis/{self.language}.yml"
