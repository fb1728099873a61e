"""From the approved rows to what people are answered from, and back.

Everything that changes what is live goes through here: the page, the schedule, a banner, an
emergency. So all of it is checked, kept and noted the same way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from bot import settings as faro
from bot.content import checks, live
from bot.content import release as releases
from bot.content.codec import ContentError
from bot.content.model import SOURCE_LANGUAGE, Banner, Content
from bot.runtime import keys
from bot.runtime.store import client
from console import config
from console.content import assemble
from console.releases.models import Banner as BannerRow
from console.releases.models import Publication, Release
from console.staff import audit

URGENT = (Publication.Kind.EMERGENCY, Publication.Kind.BANNER)


class NotPublished(Exception):
    """Nothing was changed for people; the text says why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def store() -> Redis[bytes]:
    """Return the store; raise ``NotPublished`` if it cannot be reached."""
    url = config.redis_url()
    if not url:
        raise NotPublished(["Faro is not running: there is no store to publish to."])
    return client(url)


def candidate() -> Content:
    """Return what a release built now would hold."""
    now = timezone.now()
    rows = BannerRow.objects.filter(taken_down_at=None, until__gt=now).order_by("pk")
    banners = tuple(Banner(row.country, row.until.date(), dict(row.texts)) for row in rows)
    content = replace(assemble.approved(), banners=banners)
    if faro.get("FARO_ENV") == "production":
        content = releases.for_production(content)
    return content


def problems(content: Content) -> list[str]:
    """Return every reason not to publish.

    Answers are measured without banners: urgent words may cost a second message, but must
    not be held up by how long an answer is.
    """
    return [*checks.problems(replace(content, banners=())), *_banners(content)]


def _banners(content: Content) -> list[str]:
    return [
        f"banner: {banner.country or '*'} has no Spanish words"
        for banner in content.banners
        if not banner.texts.get(SOURCE_LANGUAGE)
    ]


def live_release() -> Release | None:
    """Return the release people are answered from, taking it over if it came from the files."""
    try:
        client = store()
        pointer = client.get(keys.LIVE_RELEASE)
        if pointer is None:
            return None
        known = Release.objects.filter(number=int(pointer)).first()
        if known is None and (document := client.get(keys.release(int(pointer)))):
            known = Release.keep(releases.load(document))
            Publication.objects.create(release=known, kind=Publication.Kind.FILES)
        return known
    except (NotPublished, RedisError, ContentError):
        last = Publication.objects.select_related("release").first()
        return last.release if last else None


def publish(user: Any, kind: str = Publication.Kind.RELEASE, reason: str = "") -> Release:
    """Build, check and publish what is approved; raise ``NotPublished`` with every problem."""
    content, current = candidate(), live_release()
    if kind == Publication.Kind.BANNER and current:
        # A banner brings nothing else along: neither what waits, nor what was gone back from.
        content = replace(current.load().content, banners=content.banners)
    found = problems(content)
    if found and current and kind in URGENT:
        # What is wrong already must not hold up what saves somebody.
        known = set(problems(current.load().content))
        found = [problem for problem in found if problem not in known]
    if found:
        raise NotPublished(found)
    built = releases.build(content, _next_number())
    if current and current.hash == built.hash:
        raise NotPublished(["Nothing changed since the live release."])
    with transaction.atomic():
        row = Release.keep(built, user, reason)
        Publication.objects.create(release=row, by=user, kind=kind, reason=reason[:500])
        audit.note(user, f"publish_{kind}", f"release {row.number}", reason)
        try:
            client = store()
            client.set(keys.RELEASE_SOURCE, "console")  # the files are no longer what is live
            live.publish(client, built, live.archive_folder())
        except RedisError as error:
            raise NotPublished(
                [f"The store cannot be reached ({type(error).__name__})."]
            ) from error
    return row


def roll_back(number: int, user: Any, reason: str = "") -> Release:
    """Make an older release the live one again: the same document, not a copy of it."""
    row = Release.objects.get(number=number)
    try:
        release = row.load()
    except ContentError as error:
        raise NotPublished(error.problems) from error
    with transaction.atomic():
        Publication.objects.create(
            release=row, by=user, kind=Publication.Kind.ROLLBACK, reason=reason[:500]
        )
        audit.note(user, "roll_back", f"release {number}", reason)
        try:
            client = store()
            client.set(keys.RELEASE_SOURCE, "console")  # the files are no longer what is live
            live.publish(client, release, live.archive_folder())
        except RedisError as error:
            raise NotPublished(
                [f"The store cannot be reached ({type(error).__name__})."]
            ) from error
    return row


def _next_number() -> int:
    """Return a number no release ever had, here, in the store or in the archive."""
    numbers = [0, *Release.objects.values_list("number", flat=True)[:1]]
    numbers += [int(path.stem) for path in live.archive_folder().glob("*.json")]
    try:
        numbers.append(int(store().get(keys.LIVE_RELEASE) or 0))
    except RedisError as error:
        raise NotPublished([f"The store cannot be reached ({type(error).__name__})."]) from error
    return max(numbers) + 1
