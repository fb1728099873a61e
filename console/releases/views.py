"""The pages on which approved content becomes live, and on which one goes back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bot.content.codec import ContentError
from bot.languages import LANGUAGES, country_name
from console.content.checking import explained
from console.releases import publishing
from console.releases.difference import Difference, difference
from console.releases.models import EmergencyReport, Publication, Release
from console.staff.roles import may

HISTORY = 30


def today() -> Any:
    return timezone.now().date()


def shown(found: Difference) -> list[dict[str, Any]]:
    """Return the changes with the people they are for in words."""
    channels = {"whatsapp": "WhatsApp", "sms": "SMS", "telegram": "Telegram"}
    rows = []
    for change in found.changes:
        where: dict[tuple[str, str], list[str]] = {}
        for language, country, channel in change.where:
            where.setdefault((language, country), []).append(channels[channel])
        lines = [
            f"{LANGUAGES[language][0]}"
            f"{' · ' + country_name(country, 'es') if country else ''}: {', '.join(names)}"
            for (language, country), names in where.items()
        ]
        before, after = change.words
        rows.append({"change": change, "where": lines, "before": before, "after": after})
    return rows


@login_required
def releases(request: HttpRequest) -> HttpResponse:
    """What is live, what would change, and every release before."""
    live = publishing.live_release()
    content = publishing.candidate()
    found = difference(live.load().content, content, today()) if live else None
    problems = publishing.problems(content) if found or live is None else []
    context = {
        "heading": _("Publish"),
        "live": live,
        "difference": found,
        "changes": shown(found)[:60] if found else [],
        "more": max(0, len(found.changes) - 60) if found else 0,
        "problems": [explained(problem) for problem in problems[:40]],
        "history": Publication.objects.select_related("release", "by")[:HISTORY],
        "may_publish": may(request.user, "publish"),
        "may_roll_back": may(request.user, "roll_back"),
    }
    return render(request, "releases/releases.html", context)


@login_required
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    if not may(request.user, "publish"):
        raise PermissionDenied
    try:
        row = publishing.publish(request.user, reason=request.POST.get("reason", ""))
    except publishing.NotPublished as error:
        for problem in error.problems[:10]:
            messages.error(request, explained(problem))
    else:
        messages.success(
            request,
            _("Release %(number)s is live everywhere within two seconds.") % {"number": row},
        )
    return redirect("faro_releases")


@login_required
def roll_back(request: HttpRequest, number: int) -> HttpResponse:
    """Show what going back would change, then do it."""
    if not may(request.user, "roll_back"):
        raise PermissionDenied
    target = get_object_or_404(Release, number=number)
    live = publishing.live_release()
    if request.method == "POST":
        try:
            publishing.roll_back(number, request.user, request.POST.get("reason", ""))
        except publishing.NotPublished as error:
            messages.error(request, "; ".join(error.problems))
        else:
            messages.success(request, _("Release %(number)s is live again.") % {"number": number})
        return redirect("faro_releases")
    try:
        now = live.load().content if live else None
        found = difference(now, target.load().content, today()) if now else None
    except ContentError as error:
        messages.error(request, "; ".join(error.problems))
        return redirect("faro_releases")
    context = {
        "heading": _("Go back to release %(number)s") % {"number": number},
        "target": target,
        "live": live,
        "difference": found,
        "changes": shown(found)[:60] if found else [],
    }
    return render(request, "releases/roll_back.html", context)


@login_required
@require_POST
def emergency_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person looked at what one published alone."""
    report = get_object_or_404(EmergencyReport, pk=pk, seen_at=None)
    if not may(request.user, "approve") or report.by_id == request.user.pk:
        raise PermissionDenied
    report.seen_by, report.seen_at = request.user, timezone.now()
    report.save()
    return redirect("wagtailadmin_home")
