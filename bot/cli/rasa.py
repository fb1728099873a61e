"""``faro rasa ...``: Rasa's own commands, where TensorFlow need not be installed."""

from __future__ import annotations

import sys

from bot.runtime import without_tensorflow


def main(arguments: list[str]) -> int:
    """Run Rasa's command line in this folder; return its exit code."""
    without_tensorflow.install(sklearn=True)
    from rasa.__main__ import main as rasa_main

    from bot.runtime.actions import patch_rasa

    patch_rasa()
    sys.argv = ["rasa", *arguments]
    try:
        rasa_main()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(bool(done.code))
    return 0
