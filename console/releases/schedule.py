"""What happens by the clock: go-live and expiry of content, the end of banners."""

from __future__ import annotations

import logging

from django.core.management import call_command
from django.utils import timezone

from console.content import assemble
from console.releases import publishing
from console.releases.models import Banner, Publication

logger = logging.getLogger(__name__)


def tick() -> bool:
    """Do what is due; return whether a release was published.

    Only what somebody approved with a date is touched, so it may be published without
    another click. What cannot be published stays for a person: the home page says so.
    """
    before = assemble.stamp()
    call_command("publish_scheduled", verbosity=0)
    ended = Banner.objects.filter(taken_down_at=None, until__lte=timezone.now())
    over = ended.update(taken_down_at=timezone.now())
    if assemble.stamp() == before and not over:
        return False
    try:
        publishing.publish(None, Publication.Kind.BANNER if over else Publication.Kind.SCHEDULE)
    except publishing.NotPublished as error:
        logger.warning("schedule.not_published problems=%s", len(error.problems))
        return False
    return True
