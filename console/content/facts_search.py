"""Finding a fact while writing, so that nobody has to know its name."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, JsonResponse

from bot.content.compose import write_value
from bot.content.model import Release
from console.content import assemble
from console.content.models import Contact, Fact

SHOWN = 12


def find(request: HttpRequest) -> JsonResponse:
    """Return the facts and contacts that match ``q``, and what each inserts."""
    content = assemble.approved()
    release = Release(0, "", content)
    words = request.GET.get("q", "").split()
    found = []
    for model, texts in ((Contact, ("name", "who")), (Fact, ("claim", "source_short"))):
        rows = model.objects.filter(live=True).exclude(confidence="unverified")
        for word in words:
            match = Q()
            for field in ("key", "value", *texts):
                match |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(match)
        for row in rows[:SHOWN]:
            fact = content.facts.get(row.key)
            shows = write_value(fact, release, "es") if fact else ""
            insert = f"{{{row.key}}}" if shows else f"{{^{row.key}}}"
            says = row.name if isinstance(row, Contact) else row.claim
            found.append({"insert": insert, "shows": shows, "says": says, "key": row.key})
    return JsonResponse({"facts": found[:SHOWN]})
