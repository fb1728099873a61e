"""Parts of the edit forms that Wagtail does not have."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import ObjectList, Panel

from bot.content.model import COUNTRIES
from bot.languages import LANGUAGES, country_name
from console.content.usage import usage
from console.insight.sources import marked, since_approval


class Beside(ObjectList):
    """The form on the left, what it will look like on the right."""

    class BoundPanel(ObjectList.BoundPanel):
        template_name = "content/panels/beside.html"


class PreviewPanel(Panel):
    """Shows what is being typed as each phone shows it. ``what`` names the view that renders it."""

    def __init__(self, what: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.what = what

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "what": self.what}

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/preview.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {
                "url": reverse("faro_preview", args=[self.panel.what, self.instance.pk or 0]),
                "languages": [(code, own) for code, (own, _) in LANGUAGES.items()],
                "countries": [(code, country_name(code, "es")) for code in COUNTRIES],
                "what": self.panel.what,
                "language": getattr(self.instance, "language", "es") or "es",
            }


class UsagePanel(Panel):
    """Which answers rest on this fact: what changes for people when it changes."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/usage.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {"answers": usage(self.instance), "fact": self.instance}


class SourcePanel(Panel):
    """What changed at the fact's source since the fact was approved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/source.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk and since_approval(self.instance))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            found = since_approval(self.instance)
            return {
                "events": [(event, marked(event.details.get("detail", ""))) for event in found],
                "url": self.instance.source_url,
            }


class EmergencyPanel(Panel):
    """The way to publish alone, for who may: apart from the form, so that nobody slips into it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/emergency.html"

        def is_shown(self) -> bool:
            user = self.request.user
            return (
                super().is_shown()
                and bool(self.instance.pk and self.instance.has_unpublished_changes)
                and user.has_perm("staff.emergency")
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            meta = self.instance._meta
            return {"url": reverse("faro_emergency", args=[meta.model_name, self.instance.pk])}
