"""The board of what is translated, and the way for PO files."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bot.languages import LANGUAGES
from console.content.models import Answer
from console.staff import audit
from console.staff.roles import may
from console.translation import exchange
from console.translation.coverage import CURRENT, PHRASES, coverage

LARGEST = 5 * 1024 * 1024


def _language(code: str) -> str:
    if code not in LANGUAGES or code == "es":
        raise Http404
    return code


@login_required
def board(request: HttpRequest) -> HttpResponse:
    """Show every language's share, and each answer's state in them."""
    rows = coverage()
    chosen = request.GET.get("language", "")
    shown = [row for row in rows if row.language == chosen] or rows
    answers = {row.name: row for row in Answer.objects.filter(live=True)}
    lines = [
        {
            "name": name,
            "title": _("Phrases of Faro") if name == PHRASES else answers[name].title,
            "theme": "" if name == PHRASES else answers[name].theme,
            "states": [(row.language, row.answers[name]) for row in shown],
        }
        for name in (rows[0].answers if rows else ())
    ]
    lines.sort(
        key=lambda line: (
            all(s == CURRENT for _l, s in line["states"]),
            line["theme"],
            line["name"],
        )
    )
    context = {
        "heading": _("Translations"),
        "rows": rows,
        "shown": shown,
        "lines": lines,
        "may_translate": may(request.user, "translate"),
    }
    return render(request, "translation/board.html", context)


@login_required
def translate(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """Go to the form for one answer in one language, begun if need be."""
    if not may(request.user, "translate"):
        raise PermissionDenied
    if name != PHRASES and not Answer.objects.filter(name=name).exists():
        raise Http404
    row = exchange.get(_language(language), name)
    return redirect(row.snippet_viewset.get_url_name("edit"), row.pk)


@login_required
def download(request: HttpRequest, language: str) -> HttpResponse:
    if not may(request.user, "translate"):
        raise PermissionDenied
    only_open = "open" in request.GET
    response = HttpResponse(
        exchange.download(_language(language), only_open), content_type="text/x-gettext-translation"
    )
    name = f"faro-{language}{'-open' if only_open else ''}.po"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def upload(request: HttpRequest, language: str) -> HttpResponse:
    """Take a PO file; say what was taken and what was not."""
    if not may(request.user, "translate"):
        raise PermissionDenied
    file = request.FILES.get("file")
    if file is None or file.size > LARGEST:
        messages.error(request, _("Choose a PO file of at most 5 MB."))
        return redirect("faro_coverage")
    try:
        taken = exchange.upload(_language(language), file.read(), request.user)
    except (ValueError, UnicodeDecodeError) as error:
        messages.error(request, str(error))
        return redirect("faro_coverage")
    audit.note(request.user, "po_upload", f"{language}: {taken.texts} texts")
    text = ngettext(
        "%(n)s text taken; a second person approves it now.",
        "%(n)s texts taken; a second person approves them now.",
        taken.texts,
    )
    messages.success(request, text % {"n": taken.texts})
    for warning in taken.warnings[:20]:
        messages.warning(request, warning)
    return redirect("faro_coverage")
