"""Hangs the translation pages into Wagtail."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from console.translation import views


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [
        path("translations/", views.board, name="faro_coverage"),
        path("translations/<str:language>/po/", views.download, name="faro_po"),
        path("translations/<str:language>/po/upload/", views.upload, name="faro_po_upload"),
        path("translations/<str:language>/<str:name>/", views.translate, name="faro_translate"),
    ]


@hooks.register("register_admin_menu_item")
def board_entry() -> MenuItem:
    return MenuItem(_("Translations"), reverse("faro_coverage"), icon_name="globe", order=130)
