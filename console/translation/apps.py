"""App configuration."""

from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "console.translation"
    label = "translation"
