"""Emergency banners: put up and taken down in one step, with an end that cannot be forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bot.content.model import COUNTRIES
from bot.languages import LANGUAGES, country_name
from console.content.checking import explained
from console.releases import publishing
from console.releases.models import Banner, Publication
from console.staff.roles import may

LONGEST = 160  # characters: it stands before every answer, also in an SMS
HOURS = [(2, "2 h"), (6, "6 h"), (12, "12 h"), (24, "24 h"), (72, "3 d"), (168, "7 d")]


class BannerForm(forms.Form):
    """The words in every language; Spanish stands in where one is left empty."""

    country = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    hours = forms.TypedChoiceField(
        label=gettext_lazy("For how long"), choices=HOURS, coerce=int, initial=24
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, country_name(code, "es")) for code in COUNTRIES]
        self.fields["country"].choices = [("", _("everywhere")), *named]  # type: ignore[attr-defined]
        for code, (own, _locale) in LANGUAGES.items():
            self.fields[f"text_{code}"] = forms.CharField(
                label=own,
                max_length=LONGEST,
                required=code == "es",
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )

    def texts(self) -> dict[str, str]:
        found = {code: self.cleaned_data[f"text_{code}"].strip() for code in LANGUAGES}
        return {code: text for code, text in found.items() if text}


@login_required
def banners(request: HttpRequest) -> HttpResponse:
    """Show what is up; put one up, or take one down."""
    if not may(request.user, "banner"):
        raise PermissionDenied
    form = BannerForm(request.POST if "put-up" in request.POST else None)
    if request.method == "POST" and "take-down" in request.POST:
        Banner.objects.filter(pk=request.POST["take-down"], taken_down_at=None).update(
            taken_down_at=timezone.now()
        )
        _publish(request, _("The banner is down."))
        return redirect("faro_banners")
    if request.method == "POST" and form.is_valid() and _put_up(request, form):
        return redirect("faro_banners")
    context = {
        "heading": _("Emergency banner"),
        "form": form,
        "up": [banner for banner in Banner.objects.filter(taken_down_at=None) if banner.is_up],
        "past": Banner.objects.select_related("put_up_by")[:20],
    }
    return render(request, "releases/banners.html", context)


def _put_up(request: HttpRequest, form: BannerForm) -> bool:
    until = timezone.now() + timedelta(hours=form.cleaned_data["hours"])
    with transaction.atomic():
        Banner.objects.create(
            country=form.cleaned_data["country"],
            texts=form.texts(),
            until=until,
            put_up_by=request.user,
        )
        done = _publish(request, _("The banner is up in every answer within two seconds."))
        if not done:
            transaction.set_rollback(True)
    return done


def _publish(request: HttpRequest, done: str) -> bool:
    try:
        publishing.publish(request.user, Publication.Kind.BANNER, _("Emergency banner"))
    except publishing.NotPublished as error:
        for problem in error.problems[:10]:
            messages.error(request, explained(problem))
        return False
    messages.success(request, done)
    return True
