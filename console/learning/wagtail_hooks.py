"""Hangs the training page into Wagtail."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from console.learning import views
from console.staff.wagtail_hooks import DutyMenuItem


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [path("training/", views.training, name="faro_training")]


@hooks.register("register_admin_menu_item")
def training_entry() -> MenuItem:
    return DutyMenuItem(
        "train", _("Train Faro"), reverse("faro_training"), icon_name="cogs", order=170
    )
