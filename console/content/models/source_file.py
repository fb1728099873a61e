"""The files that content was imported from, byte for byte, so that an export changes little."""

from __future__ import annotations

from django.db import models


class SourceFile(models.Model):
    """One file of ``data/`` or ``locales/`` as it was last read."""

    path = models.CharField(max_length=160, unique=True)
    content = models.BinaryField()
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.path

    @property
    def text(self) -> str:
        return bytes(self.content).decode("utf-8")
