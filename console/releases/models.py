"""Releases as the console remembers them, what was live when, and emergency banners."""

from __future__ import annotations

import gzip
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bot.content import release as releases
from bot.content.model import COUNTRIES


class Release(models.Model):
    """One release: a number and its whole document, packed."""

    number = models.PositiveIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    packed = models.BinaryField()
    built_at = models.DateTimeField(default=timezone.now)
    built_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-number",)
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def keep(cls, release: Any, user: Any = None, note: str = "") -> Release:
        """Store a release's document; return the row."""
        made, _ = cls.objects.update_or_create(
            number=release.number,
            defaults={
                "hash": release.hash,
                "packed": gzip.compress(releases.dump(release).encode()),
                "built_by": user,
                "note": note[:300],
            },
        )
        return made

    def document(self) -> str:
        return gzip.decompress(bytes(self.packed)).decode()

    def load(self) -> Any:
        """Return the release itself; raise ``ContentError`` if it was changed since."""
        return releases.load(self.document())


class Publication(models.Model):
    """One move of the pointer: what became live, when, by whom, and why."""

    class Kind(models.TextChoices):
        RELEASE = "release", _("published")
        ROLLBACK = "rollback", _("went back")
        EMERGENCY = "emergency", _("published alone in an emergency")
        SCHEDULE = "schedule", _("published at the time that was set")
        BANNER = "banner", _("emergency banner")
        FILES = "files", _("published from the files")

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="publications")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.release} {self.get_kind_display()}"


class Banner(models.Model):
    """Words said before every answer to people in a country, until a day and hour."""

    country = models.CharField(
        _("country"),
        max_length=4,
        blank=True,
        choices=[("", _("everywhere")), *((c, c) for c in COUNTRIES)],
    )
    texts = models.JSONField(_("words by language"), default=dict)
    until = models.DateTimeField(_("until"))
    put_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    put_up_at = models.DateTimeField(default=timezone.now)
    taken_down_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-put_up_at",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.country or '*'}: {self.texts.get('es', '')[:60]}"

    @property
    def is_up(self) -> bool:
        return self.taken_down_at is None and self.until > timezone.now()


class EmergencyReport(models.Model):
    """One thing that one person published alone: shown to everybody until a second looked."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    what = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)
        default_permissions = ()

    def __str__(self) -> str:
        return self.what
