"""The edit forms: which name cannot change any more, and what a language's form compares with."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from bot.content.placeholders import named
from console.content.translations import CURRENT, source_places, status


class NamedForm(WagtailAdminModelForm):
    """The name under which other content knows this object is chosen once."""

    fixed = ("name", "key", "language", "theme", "command")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fixed:
                if name in self.fields:
                    self.fields[name].disabled = True

    def clean(self) -> Any:
        """Take line breaks as files have them: browsers send two characters for one."""
        data = super().clean()
        for name, value in data.items():
            if isinstance(value, str):
                data[name] = value.replace("\r\n", "\n")
        return data


class TranslationForm(WagtailAdminModelForm):
    """One row a text, with what its translation is worth today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["texts"].widget
        texts = self.instance.texts
        self.fields["texts"].required = False
        marks = [entry.get("unread") or entry.get("reviewed") for entry in texts.values()]
        who = getattr(self.for_user, "username", "")
        widget.known = {
            "texts": texts,
            "language": self.instance.language,
            "drafted": any(marks),
            "by": f"{who}, {timezone.now():%Y-%m-%d}",
        }
        widget.rows = [
            {
                "place": place,
                "spanish": spanish,
                "text": (texts.get(place) or {}).get("text", ""),
                "before": (texts.get(place) or {}).get("source", ""),
                "status": status(texts.get(place), spanish),
                "current": status(texts.get(place), spanish) == CURRENT,
                "long": len(spanish) > 60,
                "placeholders": [f"{{{name}}}" for name in named(spanish)],
            }
            for place, spanish in source_places(self.instance.name).items()
        ]
