"""The reports page with its downloads, tasks that are taken, and what could not be handled."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from datetime import timezone as zones
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from openpyxl import Workbook
from redis.exceptions import RedisError

from bot.runtime import keys
from console.content.models import Answer
from console.insight.charts import chart
from console.insight.models import Task
from console.insight.reports import Report, cell, reports, share_unanswered
from console.staff import audit
from console.staff.roles import may

LONGEST = 366


def span(request: HttpRequest) -> tuple[date, date]:
    """Return the days asked for: the last thirty unless told otherwise."""
    today = timezone.now().date()
    try:
        until = date.fromisoformat(request.GET.get("until", "") or today.isoformat())
        since = date.fromisoformat(request.GET.get("since", "") or "")
    except ValueError:
        until, since = today, today - timedelta(days=29)
    return max(min(since, until), until - timedelta(days=LONGEST)), until


@login_required
def report_page(request: HttpRequest) -> HttpResponse:
    if not may(request.user, "reports"):
        raise PermissionDenied
    since, until = span(request)
    made = reports(since, until)
    context = {
        "heading": _("Reports"),
        "since": since,
        "until": until,
        "unanswered": share_unanswered(since, until),
        "reports": [
            {
                "report": report,
                "chart": chart(report),
                "rows": [(label, [cell(n) for n in numbers]) for label, numbers in report.rows],
            }
            for report in made
            if report.rows
        ],
    }
    return render(request, "insight/reports.html", context)


@login_required
def report_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Return all tables as one CSV or XLSX file."""
    if not may(request.user, "reports"):
        raise PermissionDenied
    if kind not in ("csv", "xlsx"):
        raise Http404
    since, until = span(request)
    made = reports(since, until)
    audit.note(request.user, "report_download", f"{kind} {since} {until}")
    content, mime = (_csv(made), "text/csv; charset=utf-8") if kind == "csv" else _xlsx(made)
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="faro-{since}-{until}.{kind}"'
    return response


def _csv(made: list[Report]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["report", "row", "column", "count"])
    for report in made:
        for label, numbers in report.rows:
            for column, number in zip(report.columns, numbers, strict=True):
                writer.writerow([report.title, safe(label), column, cell(number)])
    return stream.getvalue().encode("utf-8-sig")


def safe(label: str) -> str:
    """Return a label that no spreadsheet takes for a formula."""
    return f"'{label}" if label[:1] in ("=", "+", "-", "@") else label


def _xlsx(made: list[Report]) -> tuple[bytes, str]:
    book = Workbook()
    book.remove(book.active)
    for report in made:
        sheet = book.create_sheet(report.title[:30].replace("?", "").replace("¿", ""))
        sheet.append(["", *report.columns])
        for label, numbers in report.rows:
            sheet.append([safe(label), *(cell(number) for number in numbers)])
    stream = io.BytesIO()
    book.save(stream)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return stream.getvalue(), mime


@login_required
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take a task, or give it back."""
    key = request.POST.get("key", "")[:160]
    task, made = Task.objects.get_or_create(key=key, defaults={"owner": request.user})
    if not made:
        task.owner = None if task.owner_id == request.user.pk else request.user
        task.save()
    return redirect("wagtailadmin_home")


@login_required
def find_answer(request: HttpRequest, label: str) -> HttpResponse:
    row = get_object_or_404(Answer, name=label)
    return redirect(row.snippet_viewset.get_url_name("edit"), row.pk)


@login_required
def dead_letters(request: HttpRequest) -> HttpResponse:
    """Show what could not be handled or sent: kinds and reasons, no text and no address."""
    from console.releases.publishing import NotPublished, store

    if not may(request.user, "audit"):
        raise PermissionDenied
    rows: list[Any] = []
    try:
        for entry, fields in store().xrevrange(keys.DEAD_LETTERS, count=200):
            at = datetime.fromtimestamp(int(entry.split(b"-")[0]) / 1000, zones.utc)
            known = {key.decode(): value.decode() for key, value in fields.items()}
            rows.append((at, known.get("what", ""), known.get("reason", "")))
    except (NotPublished, RedisError):
        rows = []
    context = {"heading": _("Messages that could not be handled"), "rows": rows}
    return render(request, "insight/dead.html", context)
