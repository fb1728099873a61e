"""The release that people are answered from, in every process, swapped whole.

Publishing moves one pointer in Redis; each process looks at it every two seconds.
Readers take ``current``, which never blocks. If the store is away, people keep getting
the last words that were approved.
"""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError

from bot import settings
from bot.content import checks
from bot.content import release as releases
from bot.content.codec import ContentError
from bot.content.files import read_content
from bot.content.model import Release
from bot.runtime import keys
from bot.runtime.store import client

logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0


class LiveRelease:
    """Holds the live release; ``current`` is a whole one at any moment."""

    def __init__(self, current: Release, store: Redis[bytes] | None = None) -> None:
        self.current = current
        self._store = store

    def refresh(self) -> bool:
        """Load what the pointer names; return whether it changed."""
        if self._store is None:
            return False
        try:
            pointer = self._store.get(keys.LIVE_RELEASE)
            if pointer is None or int(pointer) == self.current.number:
                return False
            document = self._store.get(keys.release(int(pointer)))
            if document is None:
                logger.error("content.release_missing number=%s", int(pointer))
                return False
            self.current = releases.load(document)
        except (RedisError, ContentError) as error:  # the old words stand
            logger.warning("content.refresh_failed error=%s", type(error).__name__)
            return False
        logger.info("content.live release=%s", self.current.number)
        return True

    def follow(self) -> None:
        """Keep refreshing from a daemon thread until the process ends."""
        pause = threading.Event()

        def loop() -> None:
            while not pause.wait(POLL_SECONDS):
                self.refresh()

        threading.Thread(target=loop, name="live-release", daemon=True).start()


def publish(store: Redis[bytes], release: Release, archive: Path) -> None:
    """Make ``release`` the live one everywhere, and keep a copy in ``archive``."""
    _archive(release, archive)
    with store.pipeline(transaction=True) as pipe:
        _go_live(pipe, release)
        pipe.execute()


def _archive(release: Release, archive: Path) -> None:
    archive.mkdir(parents=True, exist_ok=True)
    path = archive / f"{release.number:06d}.json"
    path.write_text(releases.dump(release), encoding="utf-8")


def _go_live(pipe: Pipeline[bytes], release: Release) -> None:
    pipe.set(keys.release(release.number), releases.dump(release))
    pipe.set(keys.LIVE_RELEASE, release.number)


def is_staffs(store: Redis[bytes]) -> bool:
    """Return whether staff have published: the files are a copy then, and do not become live."""
    return store.get(keys.RELEASE_SOURCE) == b"console"


def publish_files() -> Release:
    """Make what stands in ``data/`` and ``locales/`` the live release, unless it is already.

    Return the live release: staff's, if they have published. Raise ``ContentError`` with every
    problem if the files may not be published.
    """
    content = read_content(settings.ROOT)
    if problems := checks.problems(content):
        raise ContentError(problems)
    # Checked before: what is said in Spanish instead is longer by the line that says so.
    if settings.get("FARO_ENV") == "production":
        content = releases.for_production(content)
    candidate = releases.build(content, 0)

    def unless_staff_did(pipe: Any) -> tuple[Release, bool]:
        """Return the live release and whether it is new; ``pipe`` answers at once until multi()."""
        number = int(pipe.get(keys.LIVE_RELEASE) or 0)
        document = pipe.get(keys.release(number))
        if document and is_staffs(pipe):
            return releases.load(document), False
        if document and json.loads(document)["hash"] == candidate.hash:
            return replace(candidate, number=number), False
        fresh = replace(candidate, number=number + 1)
        pipe.multi()
        _go_live(pipe, fresh)
        return fresh, True

    # If staff publish while we do, all of it is done once more, and theirs stands.
    watched = keys.RELEASE_SOURCE, keys.LIVE_RELEASE
    live, new = client(settings.get("REDIS_URL")).transaction(  # type: ignore[no-untyped-call]
        unless_staff_did, *watched, value_from_callable=True
    )
    if new:
        _archive(live, archive_folder())
    return cast(Release, live)


def archive_folder() -> Path:
    """Return where each published release is kept as a file."""
    return settings.var_folder() / "releases"


def newest_archived() -> Release | None:
    """Return the newest release on disk, or None if none was published here."""
    files = sorted(archive_folder().glob("*.json"))
    return releases.load(files[-1].read_text(encoding="utf-8")) if files else None


_shared: LiveRelease | None = None
_lock = threading.Lock()


def live_release() -> LiveRelease:
    """Return this process's live release: from the store, else from ``data/`` as it stands."""
    global _shared
    with _lock:
        if _shared is None:
            url = settings.get("REDIS_URL")
            if url:
                _shared = LiveRelease(newest_archived() or _from_files(), client(url))
                _shared.refresh()
                _shared.follow()
            else:
                _shared = LiveRelease(_from_files())
        return _shared


def _from_files() -> Release:
    return releases.build(read_content(settings.ROOT), 0)
