"""The home page: what is urgent, what waits for me, what there is to do, what is live."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Revision, TaskState

from console.insight.tasks import todo
from console.releases import publishing
from console.releases.models import Banner, EmergencyReport
from console.staff.roles import may


class Home(Component):
    """One panel in the place of Wagtail's several."""

    order = 10
    template_name = "staff/home.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        user = request.user
        live = publishing.live_release()
        return {
            "request": request,
            "user": user,
            "emergencies": EmergencyReport.objects.filter(seen_at=None).select_related("by"),
            "may_approve": may(user, "approve"),
            "banners": [each for each in Banner.objects.filter(taken_down_at=None) if each.is_up],
            "reviews": _reviews(user),
            "mine": _drafts(user),
            "tasks": todo(user),
            "live": live,
            "waiting": bool(live) and _differs(live),
            "csrf_token": parent_context.get("csrf_token"),
        }


def _differs(live: Any) -> bool:
    """Return whether something approved is not live yet."""
    from bot.content.release import build

    return build(publishing.candidate(), 0).hash != live.hash


def _reviews(user: Any) -> list[Any]:
    states = TaskState.objects.reviewable_by(user).select_related("workflow_state")
    found = []
    for state in states.order_by("started_at")[:30]:
        row = state.workflow_state.content_object
        if row is not None:
            found.append({"row": row, "url": _edit(row), "by": state.workflow_state.requested_by})
    return found


def _drafts(user: Any) -> list[Any]:
    newest = Revision.objects.filter(user=user).order_by("-created_at")[:60]
    seen: dict[Any, Any] = {}
    for revision in newest:
        row = revision.content_object
        if row is not None and getattr(row, "has_unpublished_changes", False):
            seen.setdefault((type(row), row.pk), {"row": row, "url": _edit(row)})
    return list(seen.values())[:10]


def _edit(row: Any) -> str:
    from django.urls import reverse

    return reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk])


@hooks.register("construct_homepage_panels")
def only_ours(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [Home()]


@hooks.register("construct_homepage_summary_items")
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    items.clear()
