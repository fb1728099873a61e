"""The browser that tests look at pages with: the system's Chromium (`make test` installs it)."""

from __future__ import annotations

import shutil

# As root in a container, and without asking anything of the network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Return the browser's path; fail the test, with what to do, if there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "no Chromium here: sh tests/tools.sh installs it"
    return found
