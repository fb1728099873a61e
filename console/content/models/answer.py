"""An answer: the Spanish words for one question, per channel and country."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from console.content.models.base import Written, without_empty

FORMS = ("text", "sms", "telegram")
LABEL = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Use small letters, digits and _ only."))


class Answer(Written):
    """The source text is Spanish; translations of it are ``Translation`` objects."""

    class Asks(models.TextChoices):
        NOTHING = "", _("No: one answer for everybody")
        COUNTRY = "country", _("Yes: where the person is now")
        ORIGIN = "origin", _("Yes: where the person is from")

    class Change(models.TextChoices):
        MEANING = "meaning", _("The meaning changed: hold translations back until they are redone")
        WORDING = "wording", _("Only the wording: translations stay live and are marked")

    name = models.CharField(
        _("label"),
        max_length=60,
        unique=True,
        validators=[LABEL],
        help_text=_("Short name used inside Faro, for example work_visa_h2. People never see it."),
    )
    theme = models.CharField(_("theme"), max_length=40, validators=[LABEL], default="chat")
    title = models.CharField(
        _("title on buttons"),
        max_length=60,
        help_text=_("At most 20 characters, understandable alone."),
    )
    asks = models.CharField(
        _("does the answer depend on a country?"), max_length=10, choices=Asks.choices, blank=True
    )
    text = models.TextField(
        _("answer"),
        help_text=_("One idea a line. Numbers, dates and phones are facts: insert them by name."),
    )
    sms = models.TextField(_("answer by SMS"), blank=True, help_text=_("The shortest useful form."))
    telegram = models.TextField(
        _("answer on Telegram"), blank=True, help_text=_("Only if it should differ there.")
    )
    countries = models.JSONField(_("words for one country"), default=dict, blank=True)
    next = models.JSONField(_("next topics"), default=list, blank=True)
    note = models.TextField(_("note for translators"), blank=True)
    change = models.CharField(
        _("what changes for translations"),
        max_length=10,
        choices=Change.choices,
        default=Change.MEANING,
    )

    key_field: ClassVar[str] = "name"

    class Meta(Written.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return f"{self.title} ({self.name})"

    def to_data(self) -> dict[str, Any]:
        return without_empty(
            {
                "answer": self.name,
                "title": self.title,
                "asks": self.asks,
                **{form: getattr(self, form).strip() for form in FORMS},
                "countries": {
                    code: {k: wording[k].strip() for k in FORMS if wording.get(k)}
                    for code, wording in self.countries.items()
                },
                "next": list(self.next),
                "note": self.note,
            }
        )

    def fill(self, data: Any) -> None:
        self.title = data.get("title", "")
        self.asks = data.get("asks") or ""
        for form in FORMS:
            setattr(self, form, (data.get(form) or "").strip())
        self.countries = {
            code: {k: text.strip() for k, text in wording.items()}
            for code, wording in (data.get("countries") or {}).items()
        }
        self.next = list(data.get("next") or [])
        self.note = data.get("note") or ""
        if self.file:
            self.theme = self.file.split("/")[-2]

    def wanted_file(self) -> str:
        return f"data/answers/{self.theme}/{self.name}.yml"
