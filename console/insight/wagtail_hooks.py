"""Hangs the inbox and the reports into Wagtail."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from console.insight import new_question, unanswered, views
from console.staff.wagtail_hooks import DutyMenuItem


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [
        path("unanswered/", unanswered.inbox, name="faro_inbox"),
        path("unanswered/new/", new_question.new_question, name="faro_new_question"),
        path("unanswered/<int:key>/", unanswered.group, name="faro_group"),
        path("summary/", views.report_page, name="faro_reports"),
        path("summary/file.<str:kind>", views.report_file, name="faro_report_file"),
        path("tasks/take/", views.take, name="faro_take"),
        path("answer/<str:label>/", views.find_answer, name="faro_find_answer"),
        path("dead-letters/", views.dead_letters, name="faro_dead"),
    ]


@hooks.register("register_admin_menu_item")
def inbox_entry() -> MenuItem:
    return DutyMenuItem(
        "inbox", _("Unanswered"), reverse("faro_inbox"), icon_name="help", order=160
    )


@hooks.register("register_admin_menu_item")
def reports_entry() -> MenuItem:
    return DutyMenuItem(
        "reports", _("Reports"), reverse("faro_reports"), icon_name="table", order=180
    )


@hooks.register("construct_main_menu")
def not_wagtails_reports(request: Any, items: list[Any]) -> None:
    """Wagtail's own reports are about pages, of which there are none."""
    items[:] = [item for item in items if item.url != "" or item.name != "reports"]
