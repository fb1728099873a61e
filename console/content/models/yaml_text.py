"""Content that is one YAML text: kept as written, because its comments explain it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.content.codec import ContentError
from bot.content.files import parse_yaml
from console.content.models.base import Written

SHOWN = 12  # problems at once; more would help nobody


class YamlText(Written):
    """Base of such content. Subclasses say which problems their data may have."""

    text = models.TextField(
        _("text"),
        help_text=_("It proves itself when you save: nothing that cannot work is taken."),
    )

    class Meta(Written.Meta):
        abstract = True

    def to_data(self) -> str:
        return self.text

    def fill(self, data: Any) -> None:
        self.text = data

    def data(self) -> Any:
        """Return what the text says; raise ``ContentError`` if it is not YAML."""
        return parse_yaml(self.text, self.file or self.wanted_file())

    def problems(self, data: Any) -> list[str]:
        raise NotImplementedError

    def clean(self) -> None:
        """Refuse what would not work, with the place and what to mend."""
        super().clean()
        try:
            data = self.data()
            found = self.problems(data) if isinstance(data, dict) else [_("This is empty.")]
        except ContentError as error:
            found = error.problems
        if found:
            raise ValidationError({"text": [str(line) for line in found[:SHOWN]]})
