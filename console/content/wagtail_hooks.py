"""Registers the content with Wagtail, and what its pages need."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from console.content import facts_search, preview
from console.content.snippets import AnswerViewSet, FactsGroup, MoreGroup, TranslationViewSet

register_snippet(AnswerViewSet)
register_snippet(FactsGroup)
register_snippet(TranslationViewSet)
register_snippet(MoreGroup)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [
        path("preview/<str:what>/<int:pk>/", preview.preview, name="faro_preview"),
        path("find-fact/", facts_search.find, name="faro_find_fact"),
    ]


@hooks.register("insert_global_admin_css")
def styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("console/console.css"))


@hooks.register("insert_global_admin_js")
def scripts() -> str:
    return format_html('<script src="{}" defer></script>', static("console/console.js"))
