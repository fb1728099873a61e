"""What approval does: the revision becomes the approved state."""

from __future__ import annotations

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Make the approved revision the row.

    No role has Wagtail's "publish" permission, so the review is the only way; the review
    itself (``SecondPersonTask``) has checked who approves.
    """
    revision = workflow_state.content_object.get_latest_revision()
    revision.publish(user=user, skip_permission_checks=True)
