"""A fact: one thing that is true until something changes, with what it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from console.content.models.base import Written, without_empty
from console.content.values import read_value, write_value

KEY = RegexValidator(r"^[a-z]+(\.[a-z0-9_]+)+$", _("For example us.asylum.i589_fee."))
OWNERS = ("legal-us", "legal-mexico", "protection", "regional", "contacts")


class Sourced(Written):
    """What facts and contacts share."""

    class Type(models.TextChoices):
        STATEMENT = "statement", _("statement (only cited)")
        NUMBER = "number", _("number")
        MONEY = "money", _("amount of money")
        DURATION = "duration", _("span of time")
        DATE = "date", _("date")
        PHONE = "phone", _("phone number")
        URL = "url", _("web address")
        PLACE = "place", _("place")

    class Volatility(models.TextChoices):
        STABLE = "stable", _("stable: changes in years")
        SLOW = "slow", _("slow: changes within a year or two")
        FAST = "fast", _("fast: may change any month")

    class Confidence(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed in the source")
        OLD = "old", _("known, but the source is old")
        UNVERIFIED = "unverified", _("not verified: cannot be said")

    key = models.CharField(_("name"), max_length=100, unique=True, validators=[KEY])
    type = models.CharField(_("kind"), max_length=12, choices=Type.choices)
    value = models.CharField(
        _("value"),
        max_length=300,
        blank=True,
        help_text=_("As a number, date (2026-11-25), phone or address. Empty for a statement."),
    )
    unit = models.CharField(
        _("unit"),
        max_length=20,
        blank=True,
        help_text=_("Time: hour, day, working_day, week, month, year. Money: USD, MXN, HNL …"),
    )
    claim = models.TextField(_("what is true"), help_text=_("In plain Spanish, our own words."))
    source_name = models.CharField(_("source"), max_length=400)
    source_short = models.CharField(
        _("source as people see it"), max_length=40, help_text=_("At most 24 characters.")
    )
    source_url = models.URLField(_("address of the source"), max_length=600, blank=True)
    source_date = models.DateField(_("date the source bears"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"))
    valid_until = models.DateField(
        _("valid until"), help_text=_("After this day the answer says: this may have changed.")
    )
    withdraw_after = models.DateField(
        _("withdraw after"), help_text=_("After this day the line is no longer said.")
    )
    volatility = models.CharField(_("how fast it changes"), max_length=8, choices=Volatility)
    confidence = models.CharField(_("how sure we are"), max_length=12, choices=Confidence)
    owner = models.CharField(_("who keeps it true"), max_length=40)
    note = models.TextField(_("note for staff"), blank=True)

    class Meta(Written.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.key

    def to_data(self) -> dict[str, Any]:
        return without_empty(
            {
                "id": self.key,
                "type": self.type,
                "value": read_value(self.type, self.value),
                "unit": self.unit,
                "claim": self.claim,
                "source": without_empty(
                    {
                        "name": self.source_name,
                        "short": self.source_short,
                        "url": self.source_url,
                        "date": self.source_date,
                    }
                ),
                "checked_on": self.checked_on,
                "valid_until": self.valid_until,
                "withdraw_after": self.withdraw_after,
                "volatility": self.volatility,
                "confidence": self.confidence,
                "owner": self.owner,
                "note": self.note,
            }
        )

    def fill(self, data: Any) -> None:
        self.type = data["type"]
        self.value = write_value(data.get("value"))
        self.unit = data.get("unit") or ""
        self.claim = data.get("claim") or ""
        source = data["source"]
        self.source_name, self.source_short = source["name"], source["short"]
        self.source_url, self.source_date = source.get("url") or "", source.get("date")
        for name in ("checked_on", "valid_until", "withdraw_after"):
            day = data[name]
            setattr(self, name, day if isinstance(day, date) else date.fromisoformat(day))
        self.volatility, self.confidence = data["volatility"], data["confidence"]
        self.owner, self.note = data["owner"], data.get("note") or ""


class Fact(Sourced):
    """A fact of one country or of the region."""

    live_reader = models.CharField(_("read while people ask, by"), max_length=60, blank=True)
    live_query = models.JSONField(_("what is asked there"), default=dict, blank=True)

    folder: ClassVar[str] = "facts"

    class Meta(Sourced.Meta):
        verbose_name = _("fact")
        verbose_name_plural = _("facts")

    def to_data(self) -> dict[str, Any]:
        data = super().to_data()
        if self.live_reader:
            data["live"] = {"reader": self.live_reader, "query": dict(self.live_query)}
        return data

    def fill(self, data: Any) -> None:
        super().fill(data)
        live = data.get("live") or {}
        self.live_reader, self.live_query = live.get("reader", ""), dict(live.get("query", {}))

    def wanted_file(self) -> str:
        return f"data/facts/{self.key.split('.')[0]}.yml"
