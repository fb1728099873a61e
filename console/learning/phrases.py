"""Phrases that one person labelled in the inbox and no second person has approved yet.

A model is trained with them to see what they do. Whoever lets that model answer people
approves them, so it must be somebody who labelled none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from console.content.models import TrainingPhrase


def waiting() -> QuerySet[TrainingPhrase]:
    """Return the phrases that wait for a second person, oldest first."""
    found = TrainingPhrase.objects.filter(from_inbox=True, first_published_at=None)
    return found.select_related("added_by").order_by("pk")


def labelled_by(user: Any, keys: Sequence[int]) -> bool:
    """Return whether a person labelled any of these phrases."""
    return waiting().filter(pk__in=keys, added_by=user).exists()


def still_there(keys: Sequence[int]) -> bool:
    """Return whether none of these phrases was taken out again."""
    return TrainingPhrase.objects.filter(pk__in=keys).count() == len(keys)


def approve(keys: Sequence[int]) -> None:
    """Make these phrases part of the approved state."""
    now = timezone.now()
    waiting().filter(pk__in=keys).update(live=True, first_published_at=now, last_published_at=now)
