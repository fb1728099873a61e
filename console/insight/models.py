"""What the bot said happened, folded into tables of our own; no text but the sealed questions."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Cursor(models.Model):
    """How far a stream was read. Saved in the same transaction as what was read."""

    stream = models.CharField(max_length=40, unique=True)
    last = models.CharField(max_length=40, default="0-0")

    class Meta:
        default_permissions = ()


class Happening(models.Model):
    """One event of the bot. ``entry`` is its id in the stream: each is stored once."""

    entry = models.CharField(max_length=40, unique=True)
    type = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField(db_index=True)
    day = models.DateField(db_index=True)
    channel = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=8, blank=True)
    country = models.CharField(max_length=4, blank=True)
    label = models.CharField(max_length=60, blank=True, db_index=True)
    release = models.PositiveIntegerField(null=True)
    crisis = models.CharField(max_length=30, blank=True)
    helpful = models.BooleanField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("at",)
        default_permissions = ()
        indexes = (models.Index(fields=["type", "day"]),)


class Unanswered(models.Model):
    """A question Faro did not understand. Its text is sealed, and gone after its time."""

    message = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField(db_index=True)
    channel = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=8, blank=True)
    country = models.CharField(max_length=4, blank=True)
    nearest = models.JSONField(default=list)  # [[label, confidence], ...]
    chosen = models.CharField(max_length=60, blank=True)  # what the person then said they meant
    sealed = models.TextField(blank=True)
    expires = models.DateTimeField(db_index=True)
    label = models.CharField(max_length=60, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at",)
        default_permissions = ()


class Task(models.Model):
    """A task somebody took, or put off; what there is to do is found anew each time."""

    key = models.CharField(max_length=160, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
