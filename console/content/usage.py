"""Which answers use a fact or a contact."""

from __future__ import annotations

from typing import Any

from console.content.models import Answer, Contact


def usage(fact: Any) -> list[Answer]:
    """Return the answers that name a fact, also by the role a contact plays."""
    names = [f"{{{fact.key}}}", f"{{^{fact.key}}}"]
    if isinstance(fact, Contact) and fact.role:
        names.append(f"{{here.{fact.role}}}")
    return [
        answer
        for answer in Answer.objects.filter(live=True)
        if any(name in text for name in names for text in _texts(answer))
    ]


def _texts(answer: Answer) -> list[str]:
    wordings = [
        {"text": answer.text, "sms": answer.sms, "telegram": answer.telegram},
        *answer.countries.values(),
    ]
    return [text for wording in wordings for text in wording.values()]
