"""Who may do what: one table. The database's groups and permissions are made from it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# action -> (what staff read about it, the Django permissions it takes)
_EDIT = ("add", "change", "lock", "unlock")


def _on(*models: str, verbs: tuple[str, ...] = _EDIT) -> tuple[str, ...]:
    return tuple(f"content.{verb}_{model}" for model in models for verb in verbs)


ACTIONS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "write_answers": (_("write answers"), _on("answer", "phrase", "commandwords", "guide")),
    "write_facts": (_("write facts and contacts"), _on("fact", "contact")),
    "write_training": (_("write training phrases"), _on("trainingphrase")),
    "write_crisis": (_("write crisis rules"), _on("crisisruleset")),
    "translate": (_("translate"), _on("translation")),
    "approve": (_("approve what others wrote"), ("staff.approve",)),
    "approve_crisis": (_("approve crisis rules"), ("staff.approve_crisis",)),
    "publish": (_("publish a release"), ("staff.publish",)),
    "roll_back": (_("go back to an older release"), ("staff.roll_back",)),
    "emergency": (_("publish alone in an emergency"), ("staff.emergency",)),
    "banner": (_("put up an emergency banner"), ("staff.banner",)),
    "inbox": (_("see and label unanswered questions"), ("staff.inbox",)),
    "reveal": (_("read the text of a question"), ("staff.reveal",)),
    "train": (_("train and activate a model"), ("staff.train",)),
    "reports": (_("see reports"), ("staff.reports",)),
    "send": (_("send campaigns"), ("staff.send",)),
    "audit": (_("see who did what"), ("staff.audit",)),
    "users": (
        _("manage staff accounts"),
        ("staff.users", *(f"auth.{verb}_user" for verb in ("add", "change", "delete", "view"))),
    ),
}

# role -> (its name, its actions)
ROLES: dict[str, tuple[Any, frozenset[str]]] = {
    "writer": (
        _("Writer"),
        frozenset({"write_answers", "write_facts", "write_training", "inbox", "reports"}),
    ),
    "translator": (_("Translator"), frozenset({"translate", "reports"})),
    "reviewer": (
        _("Reviewer"),
        frozenset(
            [
                "write_answers",
                "write_facts",
                "write_training",
                "translate",
                "approve",
                "publish",
                "roll_back",
                "inbox",
                "reveal",
                "train",
                "reports",
            ]
        ),
    ),
    "protection": (
        _("Protection officer"),
        frozenset(
            [
                "write_answers",
                "write_facts",
                "write_crisis",
                "approve",
                "approve_crisis",
                "publish",
                "roll_back",
                "emergency",
                "banner",
                "inbox",
                "reveal",
                "reports",
            ]
        ),
    ),
    "sender": (_("Sender"), frozenset({"send", "reports"})),
    "administrator": (
        _("Administrator"),
        frozenset({"users", "audit", "publish", "roll_back", "banner", "reports"}),
    ),
}

# Everybody whose actions reach people, or other accounts, proves who they are twice.
SECOND_FACTOR = frozenset({"reviewer", "protection", "sender", "administrator"})


def may(user: Any, action: str) -> bool:
    """Return whether a user may do something."""
    return bool(user.is_active and all(user.has_perm(name) for name in ACTIONS[action][1]))


def roles_of(user: Any) -> set[str]:
    return set(user.groups.values_list("name", flat=True)) & ROLES.keys()


def needs_second_factor(user: Any) -> bool:
    return bool(user.is_superuser or roles_of(user) & SECOND_FACTOR)
