"""The processes that a process has started, as the system lists them."""

from __future__ import annotations

import subprocess


def children(parent, words):
    """Return the ids of those that run and were started with ``words``."""
    listed = subprocess.run(
        # Twice w: whole lines, however narrow COLUMNS says the terminal is.
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(parent)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [
        int(line.split()[0])
        for line in listed.splitlines()
        if words in line and "<defunct>" not in line
    ]
