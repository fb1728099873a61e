"""Hangs the release pages into Wagtail."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from console.releases import banners, emergency, views
from console.staff.wagtail_hooks import DutyMenuItem


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [
        path("releases/", views.releases, name="faro_releases"),
        path("releases/publish/", views.publish, name="faro_publish"),
        path("releases/<int:number>/back/", views.roll_back, name="faro_roll_back"),
        path("banners/", banners.banners, name="faro_banners"),
        path("emergency/<str:what>/<int:pk>/", emergency.emergency, name="faro_emergency"),
        path("emergency/<int:pk>/seen/", views.emergency_seen, name="faro_emergency_seen"),
    ]


@hooks.register("register_admin_menu_item")
def releases_entry() -> MenuItem:
    return MenuItem(_("Publish"), reverse("faro_releases"), icon_name="upload", order=140)


@hooks.register("register_admin_menu_item")
def banners_entry() -> MenuItem:
    return DutyMenuItem(
        "banner", _("Emergency banner"), reverse("faro_banners"), icon_name="warning", order=150
    )
