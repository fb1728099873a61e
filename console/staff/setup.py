"""Makes groups, permissions and the review workflow what ``roles`` says. Safe to repeat."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from console.content.models import SNIPPETS, CrisisRuleSet
from console.staff.models import MustChange, SecondPersonTask
from console.staff.roles import ACTIONS, ROLES

ACCESS = "wagtailadmin.access_admin"


@transaction.atomic
def ensure() -> None:
    """Bring groups and workflows up to date."""
    for role, (_name, actions) in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        names = {ACCESS} | {name for action in actions for name in ACTIONS[action][1]}
        group.permissions.set([_permission(name) for name in sorted(names)])
    _workflow("otra persona", "approve", [m for m in SNIPPETS if m is not CrisisRuleSet])
    _workflow("oficial de protección", "approve_crisis", [CrisisRuleSet])


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _workflow(name: str, action: str, models: list[Any]) -> None:
    workflow, _ = Workflow.objects.get_or_create(name=name, defaults={"active": True})
    task, _ = SecondPersonTask.objects.get_or_create(name=name, defaults={"active": True})
    task.groups.set(
        Group.objects.filter(name__in=[r for r, (_, a) in ROLES.items() if action in a])
    )
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    for model in models:
        WorkflowContentType.objects.update_or_create(
            content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
        )


def create_administrator(username: str = "admin") -> str | None:
    """Make an administrator with a password for one use and return it.

    Return None if there is one already: then somebody can sign in.
    """
    User = get_user_model()
    if User.objects.filter(groups__name="administrator", is_active=True).exists():
        return None
    password = "-".join(secrets.token_urlsafe(4) for _ in range(4))
    user, _ = User.objects.get_or_create(username=username)
    user.set_password(password)
    user.is_active = True
    user.save()
    user.groups.add(Group.objects.get(name="administrator"))
    MustChange.objects.get_or_create(user=user)
    return password
