"""How each kind of content is listed, found and edited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PublishingPanel
from wagtail.admin.ui.tables import LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from console.content.forms import NamedForm, TranslationForm
from console.content.models import (
    Answer,
    CommandWords,
    Contact,
    CrisisRuleSet,
    Fact,
    Guide,
    Phrase,
    TrainingPhrase,
    Translation,
)
from console.content.panels import Beside, EmergencyPanel, PreviewPanel, SourcePanel, UsagePanel
from console.content.widgets import CountryWordings, NextTopics, SideBySide

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
TALL = forms.Textarea(attrs={"rows": 12, "data-faro-insert": "1"})
LOW = forms.Textarea(attrs={"rows": 6, "data-faro-insert": "1"})


class ContentViewSet(SnippetViewSet):
    """What all kinds share: search without an index, and a form that shows what it makes."""

    search_backend_name = None
    list_per_page = 50
    copy_view_enabled = False
    base_form_class: Any = NamedForm

    def panels_left(self) -> list[Any]:
        raise NotImplementedError

    def panels_right(self) -> list[Any]:
        return []

    def get_edit_handler(self) -> Any:
        left = MultiFieldPanel([*self.panels_left()], classname="faro-form")
        handler = Beside([left, *self.panels_right(), EmergencyPanel(), PublishingPanel()],
                         base_form_class=self.base_form_class)  # fmt: skip
        return handler.bind_to_model(self.model)


class AnswerViewSet(ContentViewSet):
    model = Answer
    icon = "comment"
    menu_order = 110
    add_to_admin_menu = True
    list_display = ("title", "name", "theme", LiveStatusTagColumn())
    list_filter = ("theme", "live", "has_unpublished_changes")
    search_fields = ("title", "name", "text", "sms", "note")
    ordering = ("theme", "position", "name")

    def panels_left(self) -> list[Any]:
        return [
            FieldPanel("title"),
            FieldPanel("asks"),
            FieldPanel("text", widget=TALL),
            FieldPanel("sms", widget=LOW),
            FieldPanel("telegram", widget=LOW),
            FieldPanel("countries", widget=CountryWordings),
            FieldPanel("next", widget=NextTopics),
            FieldPanel("change", widget=forms.RadioSelect),
            FieldRowPanel([FieldPanel("name"), FieldPanel("theme")]),
            FieldPanel("note", widget=forms.Textarea(attrs={"rows": 2})),
        ]

    def panels_right(self) -> list[Any]:
        return [PreviewPanel("answer")]


class _SourcedViewSet(ContentViewSet):
    def value_panels(self) -> list[Any]:
        return [
            FieldPanel("key"),
            FieldRowPanel([FieldPanel("type"), FieldPanel("value"), FieldPanel("unit")]),
        ]

    def source_panels(self) -> list[Any]:
        return [
            FieldPanel("source_name"),
            FieldRowPanel([FieldPanel("source_short"), FieldPanel("source_date", widget=DAY)]),
            FieldPanel("source_url"),
            FieldRowPanel(
                [
                    FieldPanel("checked_on", widget=DAY),
                    FieldPanel("valid_until", widget=DAY),
                    FieldPanel("withdraw_after", widget=DAY),
                ]
            ),
            FieldRowPanel(
                [FieldPanel("volatility"), FieldPanel("confidence"), FieldPanel("owner")]
            ),
            FieldPanel("note", widget=forms.Textarea(attrs={"rows": 2})),
        ]

    def panels_right(self) -> list[Any]:
        return [SourcePanel(), PreviewPanel(self.model._meta.model_name), UsagePanel()]


class FactViewSet(_SourcedViewSet):
    model = Fact
    icon = "key"
    list_display = ("key", "value", "unit", "valid_until", "owner")
    list_filter = ("type", "confidence", "volatility", "owner", "file")
    search_fields = ("key", "claim", "value", "source_name", "source_url", "note")

    def panels_left(self) -> list[Any]:
        claim = FieldPanel("claim", widget=forms.Textarea(attrs={"rows": 3}))
        return [*self.value_panels(), claim, *self.source_panels()]


class ContactViewSet(_SourcedViewSet):
    model = Contact
    icon = "mail"
    list_display = ("name", "country", "value", "role", "valid_until")
    list_filter = ("country", "role", "confidence", "owner")
    search_fields = ("key", "name", "who", "value", "note")

    def panels_left(self) -> list[Any]:
        return [
            *self.value_panels(),
            FieldRowPanel([FieldPanel("country"), FieldPanel("name"), FieldPanel("role")]),
            FieldPanel("who", widget=forms.Textarea(attrs={"rows": 2})),
            FieldRowPanel([FieldPanel("hours_tz"), FieldPanel("always"), FieldPanel("days")]),
            FieldRowPanel([FieldPanel("open", widget=HOUR), FieldPanel("close", widget=HOUR)]),
            FieldRowPanel([FieldPanel("languages"), FieldPanel("free")]),
            *self.source_panels(),
        ]


class FactsGroup(SnippetViewSetGroup):
    items = (FactViewSet, ContactViewSet)
    menu_label = _("Facts")
    menu_icon = "key"
    menu_order = 120


class TranslationViewSet(ContentViewSet):
    model = Translation
    icon = "globe"
    add_to_admin_menu = False
    base_form_class = TranslationForm
    list_display = ("title", "language", UpdatedAtColumn())
    list_filter = ("language",)
    search_fields = ("name",)

    def panels_left(self) -> list[Any]:
        return [FieldPanel("texts", widget=SideBySide)]

    def panels_right(self) -> list[Any]:
        return [PreviewPanel("translation")]


class PhraseViewSet(ContentViewSet):
    model = Phrase
    icon = "openquote"
    list_display = ("key", "text", UpdatedAtColumn())
    search_fields = ("key", "text")

    def panels_left(self) -> list[Any]:
        change = FieldPanel("change", widget=forms.RadioSelect)
        return [FieldPanel("key"), FieldPanel("text", widget=LOW), change]


class CommandViewSet(ContentViewSet):
    model = CommandWords
    icon = "no-view"
    list_display = ("command", "language", UpdatedAtColumn())
    list_filter = ("language",)
    search_fields = ("command", "words")

    def panels_left(self) -> list[Any]:
        words = FieldPanel("words", widget=forms.Textarea(attrs={"rows": 14}))
        return [FieldRowPanel([FieldPanel("language"), FieldPanel("command")]), words]


class CrisisViewSet(ContentViewSet):
    model = CrisisRuleSet
    icon = "warning"
    list_display = ("language", UpdatedAtColumn())
    search_fields = ("language", "text")

    def panels_left(self) -> list[Any]:
        rules = forms.Textarea(attrs={"rows": 40, "class": "faro-code", "spellcheck": "false"})
        return [FieldPanel("language"), FieldPanel("text", widget=rules)]


class GuideViewSet(ContentViewSet):
    model = Guide
    icon = "tasks"
    list_display = ("name", UpdatedAtColumn())
    search_fields = ("name", "text")

    def panels_left(self) -> list[Any]:
        steps = forms.Textarea(attrs={"rows": 32, "class": "faro-code", "spellcheck": "false"})
        return [FieldPanel("name"), FieldPanel("text", widget=steps)]


class TrainingViewSet(ContentViewSet):
    model = TrainingPhrase
    icon = "edit"
    list_display = ("text", "label", "language")
    list_filter = ("language", "label", "from_inbox")
    search_fields = ("text", "label")

    def panels_left(self) -> list[Any]:
        return [FieldRowPanel([FieldPanel("language"), FieldPanel("label")]), FieldPanel("text")]


class MoreGroup(SnippetViewSetGroup):
    items = (PhraseViewSet, GuideViewSet, CommandViewSet, TrainingViewSet, CrisisViewSet)
    menu_label = _("Words")
    menu_icon = "list-ul"
    menu_order = 190


def edit_form(model: Any, instance: Any, data: Any = None) -> Any:
    """Return the form by which staff edit a model's objects."""
    handler = model.snippet_viewset.get_edit_handler()
    return handler.get_form_class()(data, instance=instance)
