"""What is noted when people sign in, fail to, or leave."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.utils import timezone

from console.staff import audit, throttle
from console.staff.models import SignIn


@receiver(user_logged_in)
def signed_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    request.session["began"] = timezone.now().timestamp()
    if not request.session.session_key:
        request.session.save()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "browser": request.META.get("HTTP_USER_AGENT", "")[:120]},
    )
    audit.note(user, "signed_in")


@receiver(user_logged_out)
def signed_out(sender: Any, request: Any, user: Any, **_: Any) -> None:
    SignIn.objects.filter(session_key=request.session.session_key or "").delete()


@receiver(user_login_failed)
def failed(sender: Any, credentials: Any, request: Any = None, **_: Any) -> None:
    throttle.failed(request, str(credentials.get("username", "")))
    audit.note(None, "sign_in_failed")


@receiver(m2m_changed)
def roles_changed(sender: Any, instance: Any, action: str, **_: Any) -> None:
    """Note every change of somebody's roles, whoever made it and by whichever page."""
    from django.contrib.auth import get_user_model

    if (
        action in ("post_add", "post_remove", "post_clear")
        and isinstance(instance, get_user_model())
        and sender is get_user_model().groups.through
    ):
        names = ", ".join(sorted(instance.groups.values_list("name", flat=True)))
        audit.note(None, "roles_changed", f"{instance.get_username()}: {names}")
