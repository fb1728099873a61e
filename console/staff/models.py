"""Duties as permissions, the two-person review, the audit, and attempts to sign in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask


class Duty(models.Model):
    """Holds no rows: carries the permissions that belong to no model."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = tuple(
            (name, name)
            for name in [
                "approve",
                "approve_crisis",
                "publish",
                "roll_back",
                "emergency",
                "banner",
                "inbox",
                "reveal",
                "train",
                "reports",
                "send",
                "audit",
                "users",
            ]
        )


class SecondPersonTask(AbstractGroupApprovalTask):
    """Approval by somebody who wrote none of what is approved."""

    def wrote(self, obj: Any, user: Any) -> bool:
        """Return whether ``user`` had a hand in what is not live yet.

        Wagtail saves a revision for who presses "approve", too; only words that differ from
        those before make an author.
        """
        pending = obj.revisions.order_by("pk")
        before = None
        if obj.live_revision_id:
            pending = pending.filter(pk__gt=obj.live_revision_id)
            before = obj.written(obj.live_revision.content)
        for revision in pending:
            now = obj.written(revision.content)
            if revision.user_id == user.pk and now != before:
                return True
            before = now
        return False

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        if not self._user_in_groups(user) or self.wrote(obj, user):
            return []
        return list(super().get_actions(obj, user))

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        obj = task_state.workflow_state.content_object
        if action_name not in [name for name, *_ in self.get_actions(obj, user)]:
            from django.core.exceptions import PermissionDenied

            raise PermissionDenied("what one person wrote, another approves")
        return super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        if not self._user_in_groups(user):
            return self.task_states.none()
        waiting = super().get_task_states_user_can_moderate(user, **kwargs)
        mine = [
            state.pk for state in waiting if self.wrote(state.workflow_state.content_object, user)
        ]
        return waiting.exclude(pk__in=mine)

    @classmethod
    def get_description(cls) -> Any:
        return _("Somebody who did not write it reads it and approves it")

    class Meta:
        verbose_name = _("review by a second person")


class Audit(models.Model):
    """Who did what that somebody may have to answer for. Rows are only ever added."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    action = models.CharField(max_length=60, db_index=True)
    what = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user} {self.action} {self.what}"


class Attempt(models.Model):
    """A failed attempt to sign in. Kept for a day; the name typed is kept as a hash."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    account = models.CharField(max_length=64, db_index=True)
    address = models.CharField(max_length=64, db_index=True)

    class Meta:
        default_permissions = ()


class SignIn(models.Model):
    """A session that is open: what a person sees, and can end, under their account."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    session_key = models.CharField(max_length=40, unique=True)
    began = models.DateTimeField(auto_now_add=True)
    browser = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("-began",)
        default_permissions = ()


class MustChange(models.Model):
    """A password somebody else knows: the first thing its owner does is choose another."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="must_change"
    )

    class Meta:
        default_permissions = ()
