"""What happens by the clock: go-live and expiry of content, the end of banners."""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Revision

from bot.content import release as releases
from console.content.models import SNIPPETS
from console.releases import publishing
from console.releases.models import Banner, Publication

logger = logging.getLogger(__name__)


def tick() -> bool:
    """Do what is due; return whether a release was published.

    The clock publishes only what somebody approved with a date, and only if nothing else
    waits: what is approved but not published, or was gone back from, is for a person to
    publish. The home page says then that something waits.
    """
    now = timezone.now()
    published = _end_banners(now)
    if not _is_due(now):
        return published
    settled = _nothing_waits()
    call_command("publish_scheduled", verbosity=0)
    if not settled:
        logger.warning("schedule.left_to_a_person reason=other changes wait")
        return published
    return _publish(Publication.Kind.SCHEDULE) or published


def _end_banners(now: datetime) -> bool:
    over = Banner.objects.filter(taken_down_at=None, until__lte=now)
    return bool(over.update(taken_down_at=now)) and _publish(Publication.Kind.BANNER)


def _is_due(now: datetime) -> bool:
    """Return whether Wagtail's own command has anything to do."""
    return Revision.objects.filter(approved_go_live_at__lte=now).exists() or any(
        model.objects.filter(live=True, expire_at__lte=now).exists() for model in SNIPPETS
    )


def _nothing_waits() -> bool:
    live = publishing.live_release()
    return live is None or releases.build(publishing.candidate(), 0).hash == live.hash


def _publish(kind: str) -> bool:
    try:
        publishing.publish(None, kind)
    except publishing.NotPublished as error:
        logger.warning("schedule.not_published problems=%s", len(error.problems))
        return False
    return True
