"""App configuration."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "console.learning"
    label = "learning"
