"""Pages about one's own account, and the audit."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.staff import audit
from console.staff.models import Audit, MustChange, SignIn
from console.staff.roles import may


@login_required
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose a password in the place of one that somebody else knew."""
    form = SetPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        MustChange.objects.filter(user=request.user).delete()
        update_session_auth_hash(request, request.user)
        audit.note(request.user, "password_changed")
        return redirect("wagtailadmin_home")
    context = {"heading": _("A password of your own"), "form": form}
    return render(request, "staff/new_password.html", context)


@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where one is signed in; end one of them."""
    own = SignIn.objects.filter(user=request.user)
    if request.method == "POST":
        for each in own.filter(pk=request.POST.get("end") or 0):
            SessionStore(each.session_key).delete()
            each.delete()
            audit.note(request.user, "session_ended")
        return redirect("faro_sessions")
    open_ = [each for each in own if SessionStore().exists(each.session_key)]
    context = {
        "heading": _("Where you are signed in"),
        "sessions": open_,
        "mine": request.session.session_key,
    }
    return render(request, "staff/sessions.html", context)


@login_required
def audit_log(request: HttpRequest) -> HttpResponse:
    if not may(request.user, "audit"):
        raise PermissionDenied
    page = Paginator(Audit.objects.select_related("user"), 100).get_page(request.GET.get("p"))
    return render(request, "staff/audit.html", {"heading": _("Who did what"), "page": page})
