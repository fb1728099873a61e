"""``python -m console ...``: setup, serve, import, export, createadmin."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot import settings as faro


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m console", description="Faro's staff console")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="make the database, import the content, name the first user")
    serve = commands.add_parser("serve", help="answer staff's browsers until stopped")
    serve.add_argument("--port", type=int, help="instead of CONSOLE_PORT")
    for name, help_ in (
        ("import", "take data/ and locales/ into the console"),
        ("export", "write the approved state to data/ and locales/"),
    ):
        command = commands.add_parser(name, help=help_)
        command.add_argument("--root", type=Path, default=faro.ROOT, help="another folder")
    commands.add_parser("createadmin", help="make the first administrator")
    job = commands.add_parser("job", help="run one training job (used by the console itself)")
    job.add_argument("number", type=int)
    try:
        return _run(parser.parse_args(arguments))
    except faro.SettingError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command speaks to its user
        return 1


def _run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    from console.catalogs import compile_catalogs

    compile_catalogs()
    import django

    django.setup()
    from console import commands

    command = getattr(commands, f"{options.command}_")
    return int(command(options))


if __name__ == "__main__":
    sys.exit(main())
