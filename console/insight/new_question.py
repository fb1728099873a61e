"""A question nobody answered before: its label and a first draft of its answer."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.content.models import Answer
from console.staff import audit
from console.staff.roles import may


class NewQuestionForm(forms.ModelForm):
    """Only what the label needs; the words are written in the usual form."""

    class Meta:
        model = Answer
        fields = ("title", "name", "theme")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        themes = sorted(set(Answer.objects.values_list("theme", flat=True)) - {"crisis"})
        self.fields["theme"] = forms.ChoiceField(
            label=Answer._meta.get_field("theme").verbose_name, choices=[(t, t) for t in themes]
        )


@login_required
def new_question(request: HttpRequest) -> HttpResponse:
    """Make the draft and go on to its form."""
    if not (may(request.user, "inbox") and may(request.user, "write_answers")):
        raise PermissionDenied
    form = NewQuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = form.save(commit=False)
        answer.live, answer.text = False, answer.title
        answer.save()
        answer.save_revision(user=request.user)
        audit.note(request.user, "new_question", answer.name)
        messages.info(request, _("Write the answer, then send it to a second person."))
        return redirect(answer.snippet_viewset.get_url_name("edit"), answer.pk)
    context = {"heading": _("A new question"), "form": form}
    return render(request, "insight/new_question.html", context)
