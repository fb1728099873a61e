"""Addresses: Wagtail's admin is the whole site; our own pages hang below it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin


def live(_: HttpRequest) -> HttpResponse:
    """Say that the console lives, and nothing else: any other page would begin a session."""
    return JsonResponse({"status": "ok"})


urlpatterns = [
    path("health/live", live, name="faro_health"),
    path("", include(wagtailadmin)),
]
