"""Words that are commands when they stand alone: stop, start, menu, erase ..."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from console.content.models.base import Written


class CommandWords(Written):
    """The words of one command in one language, one a line."""

    key = models.CharField(max_length=60, unique=True, editable=False)  # es:stop
    language = models.CharField(_("language"), max_length=8)
    command = models.CharField(_("command"), max_length=30)
    words = models.TextField(
        _("words"),
        help_text=_(
            "One a line. A message counts only if it is one of these and nothing else, so choose "
            "words that nobody writes alone when asking a question."
        ),
    )

    class Meta(Written.Meta):
        verbose_name = _("command words")
        verbose_name_plural = _("command words")

    def __str__(self) -> str:
        return f"{self.command} · {self.language}"

    def to_data(self) -> list[str]:
        return [word.strip() for word in self.words.splitlines() if word.strip()]

    def fill(self, data: Any) -> None:
        self.language, self.command = self.key.split(":")
        self.words = "\n".join(str(word) for word in data)

    @property
    def entry_key(self) -> str:
        return self.command

    @classmethod
    def read(cls, file: str, key: str, data: Any, position: int = 0) -> Any:
        language = file.rsplit("/", 1)[-1].removesuffix(".yml")
        return super().read(file, f"{language}:{key}", data, position)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = f"{self.language}:{self.command}"
        super().save(*args, **kwargs)

    def wanted_file(self) -> str:
        folder = "stopwords" if self.command in ("stop", "start") else "commands"
        return f"data/{folder}/{self.language}.yml"

    page_order: ClassVar[int] = 60
