"""One training job: what it did, what it found, whether its model may answer people."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Steps in order: prepare, train, evaluate; then ready or refused; then active."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        READY = "ready", _("ready: nothing got worse")
        REFUSED = "refused", _("refused: something got worse")
        FAILED = "failed", _("failed")
        ACTIVE = "active", _("active: people are answered by it")

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    step = models.CharField(max_length=20, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    worse = models.JSONField(default=list)
    changed = models.JSONField(default=list)  # [{"text", "lang", "before", "after", "label"}]
    model = models.CharField(max_length=120, blank=True)
    learnt = models.JSONField(default=list)  # keys of the phrases it was the first to learn

    class Meta:
        ordering = ("-pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_state_display()}"

    def at(self, step: str, percent: int) -> None:
        self.step, self.percent, self.state = step, percent, self.State.RUNNING
        self.save()
