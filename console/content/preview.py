"""What is in a form, shown as people would see it, with what is wrong beside each field."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bot.content import checks
from bot.content.codec import ContentError
from bot.content.compose import write_value
from bot.content.model import Content, Release
from bot.languages import LANGUAGES
from console.content import assemble
from console.content.checking import Said, beside, field_of_fact
from console.content.models import Answer, Contact, Fact, Translation
from console.content.models.answer import FORMS
from console.content.phones import phones
from console.content.translations import DbCatalog
from console.content.usage import usage
from console.content.widgets import CountryWordings, NextTopics

Result = dict[str, Any]


@require_POST
def preview(request: HttpRequest, what: str, pk: int) -> JsonResponse:
    """Return ``{"html", "problems": [{"field", "text"}]}`` for what is in a form now."""
    make = {"answer": _answer, "translation": _translation, "fact": _fact, "contact": _fact}[what]
    language = request.POST.get("preview-language", "es")
    country = request.POST.get("preview-country", "")
    try:
        return JsonResponse(make(request.POST, what, pk, language, country))
    except ContentError as error:
        return JsonResponse({"html": "", "problems": [_loose(line) for line in error.problems]})


def _loose(line: str) -> dict[str, str]:
    return {"field": "", "text": line}


def _answer(data: Any, what: str, pk: int, language: str, country: str) -> Result:
    row = Answer.objects.filter(pk=pk).first() or Answer(file="data/answers/chat/new.yml")
    row.name = row.name or data.get("name") or "new_answer"
    for field in ("title", "asks", *FORMS):
        if field in data:
            setattr(row, field, data[field].replace("\r\n", "\n"))
    row.countries = json.loads(CountryWordings().value_from_datadict(data, {}, "countries"))
    row.next = json.loads(NextTopics().value_from_datadict(data, {}, "next"))
    content = assemble.with_answer(assemble.approved(), assemble.as_answer(row))
    problems = checks.answer_problems(content, "es", row.name)
    return _shown(content, row.name, language, country, beside(problems, row.name))


def _translation(data: Any, what: str, pk: int, language: str, country: str) -> Result:
    from console.content.forms import TranslationForm
    from console.content.snippets import edit_form

    row = Translation.objects.get(pk=pk).get_latest_revision_as_object()
    form: TranslationForm = edit_form(Translation, row)
    row.texts = json.loads(form.fields["texts"].widget.value_from_datadict(data, {}, "texts"))
    content = assemble.approved()
    if row.name.startswith("_"):
        return {"html": "", "problems": []}
    catalog = _One(DbCatalog({row.name: row}), row.name, content, row.language)
    content = assemble.with_language(content, row.language, catalog)
    problems = beside(checks.answer_problems(content, row.language, row.name), row.name)
    return _shown(content, row.name, row.language, country, problems)


class _One:
    """A language's approved catalogue in which one answer's texts are those of a form."""

    def __init__(self, draft: DbCatalog, name: str, content: Content, language: str) -> None:
        self._draft, self._name = draft, name
        rows = Translation.objects.filter(language=language, live=True)
        self._approved = DbCatalog({row.name: row for row in rows})

    def text(self, name: str, place: str, spanish: str) -> str:
        return (self._draft if name == self._name else self._approved).text(name, place, spanish)

    def reviewed(self, name: str, place: str, spanish: str) -> bool:
        return (self._draft if name == self._name else self._approved).reviewed(
            name, place, spanish
        )

    def phrases(self, spanish: Any) -> dict[str, str]:
        return self._approved.phrases(spanish)


def _shown(
    content: Content, name: str, language: str, country: str, problems: list[Said]
) -> Result:
    shown = phones(content, name, language, country)
    context = {
        "phones": shown,
        "language": LANGUAGES[language][0],
        "fallback": any(phone.language != language for phone in shown),
    }
    return {
        "html": render_to_string("content/phones.html", context),
        "problems": [{"field": said.field, "text": said.text} for said in problems],
    }


def _fact(data: Any, what: str, pk: int, language: str, country: str) -> Result:
    from console.content.snippets import edit_form

    model = Fact if what == "fact" else Contact
    row = model.objects.filter(pk=pk).first() or model()
    form = edit_form(model, row, data)
    form.is_valid()
    row = form.instance
    if not all((row.key, row.type, row.valid_until, row.withdraw_after, row.checked_on)):
        return {"html": _("Fill in the form to see how the fact reads."), "problems": []}
    fact = assemble.read_fact(row)
    content = assemble.with_fact(assemble.approved(), fact)
    lines = [
        line.partition(f"data: {row.key}: ")[2]
        for line in checks._facts(content)
        if line.startswith(f"data: {row.key}: ")
    ]
    release = Release(0, "", content)
    problems = [dict(zip(("field", "text"), field_of_fact(line), strict=True)) for line in lines]
    written = (
        []
        if problems or fact.value is None
        else [(own, write_value(fact, release, code)) for code, (own, _l) in LANGUAGES.items()]
    )
    context = {"written": written, "answers": usage(row) if row.pk else []}
    return {"html": render_to_string("content/fact_reads.html", context), "problems": problems}
