"""The app that holds what staff write."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "console.content"
    label = "content"

    def ready(self) -> None:
        from console.content import signals  # noqa: F401 - connects
