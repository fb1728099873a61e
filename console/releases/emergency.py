"""Publishing alone, when waiting for a second person would harm somebody.

It is possible, marked, and told to everybody: a report stands on every home page until
another person has looked at it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from console.content import models
from console.content.checking import explained
from console.releases import publishing
from console.releases.difference import difference
from console.releases.models import EmergencyReport, Publication, Release
from console.releases.views import shown, today
from console.staff.roles import may

SHORTEST_REASON = 10


def publish_alone(row: Any, user: Any, reason: str) -> Release:
    """Approve a draft by oneself and publish it; nothing is approved if it cannot be published."""
    with transaction.atomic():
        state = row.current_workflow_state
        if state:
            state.cancel(user=user)
        row.get_latest_revision().publish(user=user, skip_permission_checks=True)
        EmergencyReport.objects.create(
            by=user,
            what=str(row),
            url=reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk]),
            reason=reason[:500],
        )
        return publishing.publish(user, Publication.Kind.EMERGENCY, reason)


@login_required
def emergency(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Ask for the reason; then publish one draft alone."""
    if not may(request.user, "emergency"):
        raise PermissionDenied
    kinds = {model._meta.model_name: model for model in models.SNIPPETS}
    if what not in kinds:
        raise Http404
    row = get_object_or_404(kinds[what], pk=pk)
    reason = request.POST.get("reason", "").strip()
    if request.method == "POST" and len(reason) >= SHORTEST_REASON:
        try:
            made = publish_alone(row, request.user, reason)
        except publishing.NotPublished as error:
            for problem in error.problems[:10]:
                messages.error(request, explained(problem))
        else:
            text = _("Release %(number)s is live. Everybody sees that you published it alone.")
            messages.warning(request, text % {"number": made})
            return redirect("wagtailadmin_home")
    live = publishing.live_release()
    found = difference(live.load().content, publishing.candidate(), today()) if live else None
    context = {
        "heading": _("Publish alone"),
        "difference": found,
        "changes": shown(found)[:60] if found else [],
        "what": row,
        "too_short": request.method == "POST" and len(reason) < SHORTEST_REASON,
        "back": reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk]),
    }
    return render(request, "releases/emergency.html", context)
