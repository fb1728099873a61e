"""Addresses: Wagtail's admin is the whole site; our own pages hang below it."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin

urlpatterns = [path("", include(wagtailadmin))]
