"""A contact: a number or address to turn to, with who may and when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.content.model import COUNTRIES
from console.content.models.base import without_empty
from console.content.models.fact import Sourced

ROLES = (
    "emergency",
    "child_protection",
    "consular",
    "returnees",
    "missing",
    "trafficking",
    "violence",
    "mental_health",
    "human_rights",
    "legal",
    "health",
    "asylum_office",
    "labour",
    "migration",
)


class Contact(Sourced):
    """A fact that is dialled. ``who`` stands in for its claim."""

    country = models.CharField(_("country"), max_length=4, choices=[(c, c) for c in COUNTRIES])
    name = models.CharField(_("name of the service"), max_length=200)
    role = models.CharField(
        _("role"),
        max_length=30,
        blank=True,
        choices=[(role, role) for role in ROLES],
        help_text=_("At most one contact plays a role in a country; answers name it {here.role}."),
    )
    who = models.TextField(_("who may call, and for what"))
    hours_tz = models.CharField(_("time zone of the hours"), max_length=60, blank=True)
    always = models.BooleanField(_("answered at any hour"), default=False)
    days = models.CharField(_("days"), max_length=20, blank=True, help_text=_("mon-fri"))
    open = models.TimeField(_("opens at"), null=True, blank=True)
    close = models.TimeField(_("closes at"), null=True, blank=True)
    languages = models.CharField(
        _("languages"), max_length=100, blank=True, help_text=_("Codes with commas: es, en")
    )
    free = models.BooleanField(_("free of charge"), null=True, blank=True)

    folder: ClassVar[str] = "contacts"

    class Meta(Sourced.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"

    def to_data(self) -> dict[str, Any]:
        data = super().to_data()
        if data.get("claim") == self.who:
            data.pop("claim", None)
        hours = None
        if self.hours_tz:
            hours = without_empty(
                {
                    "tz": self.hours_tz,
                    "always": self.always or None,
                    "days": self.days,
                    "open": self.open and self.open.isoformat("minutes"),
                    "close": self.close and self.close.isoformat("minutes"),
                }
            )
        return {
            **data,
            **without_empty(
                {
                    "country": self.country,
                    "name": self.name,
                    "role": self.role,
                    "who": self.who,
                    "hours": hours,
                    "languages": [c.strip() for c in self.languages.split(",") if c.strip()],
                    "free": self.free,
                }
            ),
        }

    def fill(self, data: Any) -> None:
        super().fill({"claim": data.get("who", ""), **data})
        self.country, self.name = data["country"], data["name"]
        self.role, self.who = data.get("role") or "", data.get("who") or ""
        hours = data.get("hours") or {}
        self.hours_tz, self.always = hours.get("tz", ""), bool(hours.get("always"))
        self.days = hours.get("days", "")
        open_, close = hours.get("open"), hours.get("close")
        self.open = models.TimeField().to_python(open_) if open_ else None
        self.close = models.TimeField().to_python(close) if close else None
        self.languages = ", ".join(data.get("languages") or ())
        self.free = data.get("free")

    def wanted_file(self) -> str:
        return f"data/contacts/{self.country.lower()}.yml"
