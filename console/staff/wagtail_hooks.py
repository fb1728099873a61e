"""Hangs the staff pages into Wagtail, and takes away what this console has no use for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from console.staff import audit, second_step, views
from console.staff.roles import may

UNUSED_MENUS = {"explorer", "images", "documents", "help", "snippets"}


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [
        path("second-step/", second_step.second_step, name="faro_second_step"),
        path("new-password/", views.new_password, name="faro_new_password"),
        path("sessions/", views.sessions, name="faro_sessions"),
        path("audit/", views.audit_log, name="faro_audit"),
    ]


class DutyMenuItem(MenuItem):
    """A menu entry for who has a duty."""

    def __init__(self, duty: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._duty = duty

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, self._duty)


@hooks.register("register_settings_menu_item")
def audit_entry() -> MenuItem:
    return DutyMenuItem("audit", _("Who did what"), reverse("faro_audit"), icon_name="history")


@hooks.register("construct_main_menu")
def only_what_is_used(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in UNUSED_MENUS]


@hooks.register("construct_settings_menu")
def no_wagtail_settings(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name in ("users", "who-did-what")]


@hooks.register("register_account_menu_item")
def sessions_entry(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("faro_sessions"),
        "label": _("Where you are signed in"),
        "help_text": _("See and end your sessions"),
    }


@hooks.register("after_create_user")
def new_account(request: HttpRequest, user: Any) -> None:
    """A password an administrator typed is theirs, not its owner's: it is changed at once."""
    from console.staff.models import MustChange

    MustChange.objects.get_or_create(user=user)
    audit.note(request.user, "account_created", user.get_username())


@hooks.register("after_edit_user")
def changed_account(request: HttpRequest, user: Any) -> None:
    from console.staff.models import MustChange

    if request.POST.get("password1") and user.pk != request.user.pk:
        MustChange.objects.get_or_create(user=user)
    names = ", ".join(sorted(user.groups.values_list("name", flat=True)))
    audit.note(request.user, "account_changed", f"{user.get_username()}: {names}")


@hooks.register("before_edit_user")
def nobody_gives_themselves_roles(request: HttpRequest, user: Any) -> Any:
    """Two administrators are needed to change an administrator's own roles."""
    from django.contrib import messages
    from django.shortcuts import redirect

    if request.method == "POST" and user.pk == request.user.pk:
        messages.error(request, _("Somebody else must change your own roles."))
        return redirect("wagtailadmin_home")
    return None


from console.staff import home  # noqa: E402, F401 - registers the home page
