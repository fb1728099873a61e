"""Form fields for what is kept as JSON: no JavaScript is needed to fill them in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bot.content.model import COUNTRIES
from bot.languages import country_name
from console.content.models.answer import FORMS

NEXT = 3


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value


class CountryWordings(forms.Widget):
    """Three texts for each country, folded away where there are none."""

    template_name = "content/widgets/countries.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        wordings = _loaded(value) or {}
        labels = {"text": _("Answer"), "sms": _("By SMS"), "telegram": _("On Telegram")}
        return {
            "widget": {"name": name},
            "countries": [
                {
                    "code": code,
                    "name": country_name(code, "es"),
                    "filled": bool(wordings.get(code)),
                    "forms": [
                        {
                            "name": f"{name}-{code}-{form}",
                            "form": form,
                            "place": f"{code}.{form}",
                            "label": labels[form],
                            "text": (wordings.get(code) or {}).get(form, ""),
                        }
                        for form in FORMS
                    ],
                }
                for code in sorted(COUNTRIES, key=lambda code: code not in wordings)
            ],
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        found: dict[str, dict[str, str]] = {}
        for code in COUNTRIES:
            for form in FORMS:
                text = (data.get(f"{name}-{code}-{form}") or "").replace("\r\n", "\n").strip()
                if text:
                    found.setdefault(code, {})[form] = text
        return json.dumps(found, ensure_ascii=False)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)


class NextTopics(forms.Widget):
    """Up to three topics that become buttons under the answer."""

    template_name = "content/widgets/next.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        from console.content.models import Answer

        chosen = list(_loaded(value) or [])
        options = list(Answer.objects.order_by("title").values_list("name", "title"))
        return {
            "selects": [
                {
                    "name": f"{name}-{place}",
                    "label": _("Button %(number)s") % {"number": place + 1},
                    "chosen": chosen[place] if place < len(chosen) else "",
                }
                for place in range(NEXT)
            ],
            "options": options,
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        chosen = [data.get(f"{name}-{place}") for place in range(NEXT)]
        return json.dumps(list(dict.fromkeys(filter(None, chosen))))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0" not in data


class SideBySide(forms.Widget):
    """The Spanish on the left, its translation on the right, one row a text."""

    template_name = "content/widgets/side_by_side.html"

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[Mapping[str, Any]] = ()
        self.known: Mapping[str, Any] = {}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {
            "rows": [{**row, "name": f"{name}:{row['place']}"} for row in self.rows],
            "language": self.known.get("language", ""),
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return the texts: what was saved by a translator is made from today's Spanish."""
        texts = {place: dict(entry) for place, entry in self.known.get("texts", {}).items()}
        for row in self.rows:
            place = row["place"]
            text = (data.get(f"{name}:{place}") or "").replace("\r\n", "\n").strip("\n")
            checked = data.get(f"{name}:{place}:checked")
            before = texts.get(place) or {}
            if text and (text != before.get("text") or checked):
                texts[place] = {"source": row["spanish"], "text": text}
                # Where a machine drafted, it is noted who read the words since.
                if self.known.get("drafted"):
                    texts[place]["reviewed"] = self.known.get("by") or "?"
            elif not text and before.get("text"):
                texts[place] = {"source": row["spanish"], "text": ""}
        return json.dumps(texts, ensure_ascii=False)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}:") for key in data)
