"""Staff accounts: roles by their names, and nobody almighty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from console.staff.roles import ACTIONS, ROLES


class _RoleField(forms.ModelMultipleChoiceField):
    """Shows a group as its role, with what it may do."""

    def label_from_instance(self, group: Any) -> str:
        name, actions = ROLES.get(group.name, (group.name, ()))
        return f"{name}: {', '.join(str(ACTIONS[action][0]) for action in sorted(actions))}"


class _Roles:
    """What both forms change: no superuser, roles in words."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("is_superuser", None)
        for name in ("email", "first_name", "last_name"):
            self.fields[name].required = False  # we need to know no more than a name to call
        known = self.fields["groups"]
        roles = known.queryset.filter(name__in=ROLES)
        self.fields["groups"] = _RoleField(
            queryset=roles,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=_("Roles"),
            initial=known.initial,
        )


class StaffCreationForm(_Roles, UserCreationForm):
    """A new account."""


class StaffEditForm(_Roles, UserEditForm):
    """Somebody's account."""


class StaffUserViewSet(UserViewSet):
    """Wagtail's pages with our forms."""

    def get_form_class(self, for_update: bool = False) -> Any:
        return StaffEditForm if for_update else StaffCreationForm


def nobody_is_almighty(sender: Any, instance: Any, **_: Any) -> None:
    """A superuser would pass every check there is, the second person's included."""
    if instance.is_superuser:
        raise PermissionDenied("there is no superuser here: give the account its roles")


def connect() -> None:
    receiver(pre_save, sender=get_user_model(), dispatch_uid="almighty")(nobody_is_almighty)
