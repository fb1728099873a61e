"""What every kind of content has: drafts, revisions, review by another person, a lock, dates.

The row in the database is the approved state; what is not approved yet lives only in
revisions. So a release is built by reading rows, and no draft can slip into one.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
    WorkflowState,
)


class Written(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """Base of all content. Subclasses say how an entry of their file becomes a row and back."""

    # The file an entry is kept in, below the project's root, and its place there.
    file = models.CharField(max_length=120, editable=False, default="")
    position = models.PositiveIntegerField(editable=False, default=1_000_000)
    _revisions = GenericRelation(
        Revision,
        content_type_field="base_content_type",
        object_id_field="object_id",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        WorkflowState,
        content_type_field="base_content_type",
        object_id_field="object_id",
        for_concrete_model=False,
    )

    #: field that names an entry within its file
    key_field: ClassVar[str] = "key"

    class Meta:
        abstract = True
        ordering = ("file", "position", "pk")

    @property
    def revisions(self) -> Any:
        return self._revisions

    @property
    def entry_key(self) -> str:
        return str(getattr(self, self.key_field))

    def to_data(self) -> Any:
        """Return the entry as its file holds it, without what is empty."""
        raise NotImplementedError

    def fill(self, data: Any) -> None:
        """Take over an entry of a file."""
        raise NotImplementedError

    @classmethod
    def read(cls, file: str, key: str, data: Any, position: int = 0) -> Any:
        """Return a new, unsaved object of a file's entry."""
        made = cls(file=file, position=position, **{cls.key_field: key})
        made.fill(data)
        return made

    @classmethod
    def written(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return what staff write, out of a revision's content: no dates, locks or places."""
        shared = {field.name for field in Written._meta.get_fields()}
        names = {field.name for field in cls._meta.concrete_fields} - shared - {"id"}
        return {name: value for name, value in content.items() if name in names}

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Save a revision; the first one keeps what was approved before, to compare with."""
        if self.pk and self.live and self.latest_revision_id is None:
            approved = type(self).objects.get(pk=self.pk)
            first = super(Written, approved).save_revision(log_action=False)
            type(self).objects.filter(pk=self.pk).update(live_revision=first)
            self.live_revision = first
        return super().save_revision(*args, **kwargs)

    def wanted_file(self) -> str:
        """Return the file a new entry belongs into."""
        return self.file

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.file:
            self.file = self.wanted_file()
            if fields := kwargs.get("update_fields"):
                kwargs["update_fields"] = {*fields, "file"}
        super().save(*args, **kwargs)


def without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """Return ``data`` without what says nothing, so that absent and empty compare equal."""
    return {key: value for key, value in data.items() if value not in (None, "", [], {}, ())}
