"""The second factor: setting it up once, and asking for it at each sign-in."""

from __future__ import annotations

import secrets
from base64 import b32encode
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_otp import login as otp_login
from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from console.staff import audit, throttle

SPARE_CODES = 8


@login_required
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for a code; the first time, show the key to type into the app."""
    user = request.user
    known = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    device = known or TOTPDevice.objects.filter(user=user).first()
    device = device or TOTPDevice.objects.create(user=user, name="app", confirmed=False)
    wrong = False
    if request.method == "POST":
        code = "".join(request.POST.get("code", "").split())
        if known is None and device.verify_token(code):
            device.confirmed = True
            device.save()
            return _enrolled(request, device)
        found = match_token(user, code) if known else None
        if found:
            otp_login(request, found)
            return redirect("wagtailadmin_home")
        wrong = True
        throttle.failed(request, user.get_username())
        audit.note(user, "second_step_failed")
    context: dict[str, Any] = {"heading": _("One more step"), "wrong": wrong}
    if known is None:
        secret = b32encode(device.bin_key).decode().rstrip("=")
        groups = [secret[place : place + 4] for place in range(0, len(secret), 4)]
        context |= {"secret": secret, "grouped": " ".join(groups)}
    return render(request, "staff/second_step.html", context)


def _enrolled(request: HttpRequest, device: TOTPDevice) -> HttpResponse:
    otp_login(request, device)
    audit.note(request.user, "second_step_set_up")
    spare = StaticDevice.objects.create(user=request.user, name="spare")
    codes = [secrets.token_hex(5) for _number in range(SPARE_CODES)]
    for code in codes:
        StaticToken.objects.create(device=spare, token=code)
    context = {"heading": _("Spare codes"), "codes": codes}
    return render(request, "staff/spare_codes.html", context)
