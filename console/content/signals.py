"""What follows when something is approved."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.signals import published, unpublished

from console.content import assemble
from console.content.models import Answer, Phrase
from console.content.models.translation import PHRASES
from console.content.translations import follow


@receiver(published)
def translations_follow(sender: Any, instance: Any, **_: Any) -> None:
    """Mark translations of what was just approved, as its author said they are to be."""
    if isinstance(instance, Answer):
        follow(instance.name, instance.change)
    elif isinstance(instance, Phrase):
        follow(PHRASES, instance.change)
    assemble.forget()


@receiver(unpublished)
def read_again(sender: Any, **_: Any) -> None:
    assemble.forget()
