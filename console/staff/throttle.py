"""Sign-in that gets slower for who guesses, and says the same to everybody.

A locked account, a wrong password and an unknown name give one and the same answer, after
the same work, so that nobody learns who has an account here.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone

from console.staff.models import Attempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 5, 30


def fingerprint(value: str) -> str:
    """Return a keyed hash: attempts are counted without keeping names or addresses."""
    return hashlib.sha256(f"{settings.SECRET_KEY}{value.lower()}".encode()).hexdigest()


def address_of(request: HttpRequest | None) -> str:
    return request.META.get("REMOTE_ADDR", "") if request else ""


def locked(request: HttpRequest | None, username: str) -> bool:
    """Return whether this account, or this address, has failed too often lately."""
    recent = Attempt.objects.filter(at__gt=timezone.now() - WINDOW)
    return (
        recent.filter(account=fingerprint(username)).count() >= PER_ACCOUNT
        or recent.filter(address=fingerprint(address_of(request))).count() >= PER_ADDRESS
    )


def failed(request: HttpRequest | None, username: str) -> None:
    Attempt.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
    Attempt.objects.create(account=fingerprint(username), address=fingerprint(address_of(request)))


class ThrottledBackend(ModelBackend):
    """Django's own check, behind the throttle."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        if username and locked(request, username):
            make_password(password)  # the time a real check takes
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)
