"""Writes down who did what."""

from __future__ import annotations

from typing import Any

from console.staff.models import Audit


def note(user: Any, action: str, what: str = "", reason: str = "") -> None:
    """Add one line to the audit. ``what`` names things and numbers, never a person's words."""
    known = user if getattr(user, "is_authenticated", False) else None
    Audit.objects.create(user=known, action=action, what=what[:300], reason=reason[:500])
