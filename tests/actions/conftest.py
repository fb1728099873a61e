"""The content that the actions answer from."""

import pytest

from bot.content import live, release
from bot.content.files import read_content
from bot.settings import ROOT


@pytest.fixture(scope="module", autouse=True)
def published():
    live._shared = live.LiveRelease(release.build(read_content(ROOT), 1))
    yield
    live._shared = None
