"""What holds for every request: headers, the length of a session, the second factor."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from console.staff.models import MustChange
from console.staff.roles import needs_second_factor

Next = Callable[[HttpRequest], HttpResponse]

# Wagtail sets style attributes; scripts come from our own files only.
CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
OPEN = (
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
    "faro_second_step",
)


def security_headers(get_response: Next) -> Next:
    """Send the content policy with every response, static files included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = CSP
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def session_limits(get_response: Next) -> Next:
    """End a session twelve hours after it began, however busy it was."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            began = float(request.session.get("began", 0))
            if timezone.now().timestamp() - began > settings.SESSION_HOURS * 3600:
                logout(request)
        return get_response(request)

    return middleware


def second_factor(get_response: Next) -> Next:
    """Let nobody past whose password is provisional, or whose role needs a second factor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or _is_open(request):
            return get_response(request)
        if MustChange.objects.filter(user=user).exists():
            if request.path != reverse("faro_new_password"):
                return redirect("faro_new_password")
        elif needs_second_factor(user) and not user.is_verified():  # type: ignore[union-attr]
            return redirect("faro_second_step")
        return get_response(request)

    return middleware


def _is_open(request: HttpRequest) -> bool:
    return request.path in {reverse(name) for name in OPEN} or request.path.startswith("/static/")
