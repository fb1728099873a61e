"""What the commands do, once Django is set up."""

from __future__ import annotations

import argparse

from django.core.management import call_command

from console import config
from console.content.importing import Report, import_files
from console.content.models import SourceFile
from console.staff import setup as staff


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command speaks to its user


def prepare() -> None:
    """Bring the database, the groups and the first content up to date. Safe to repeat."""
    call_command("migrate", verbosity=0)
    staff.ensure()
    if not SourceFile.objects.exists():
        from bot.settings import ROOT

        import_files(ROOT)


def setup_(_: argparse.Namespace) -> int:
    prepare()
    return createadmin_(_)


def createadmin_(_: argparse.Namespace) -> int:
    """Make the first administrator and print a password that works once."""
    call_command("migrate", verbosity=0)
    staff.ensure()
    password = staff.create_administrator()
    if password:
        port = config.get("CONSOLE_PORT")
        address = config.get("CONSOLE_URL") or f"http://{config.get('CONSOLE_HOST')}:{port}"
        say(f"Faro console: sign in at {address} as  admin  with the one-time password  {password}")
        say("You choose your own password then. This one is not shown again.")
    return 0


def import_(options: argparse.Namespace) -> int:
    """Take the files in; report what both sides changed."""
    call_command("migrate", verbosity=0)
    staff.ensure()
    report: Report = import_files(options.root)
    say(
        f"{report.files} files: {report.created} new, {report.updated} updated, "
        f"{report.removed} removed, {len(report.conflicts)} changed on both sides"
    )
    for conflict in report.conflicts:
        say(f"  left as the console has it: {conflict}")
    return int(bool(report.conflicts))


def export_(options: argparse.Namespace) -> int:
    """Write the approved state as files; say which changed."""
    from console.content.exporting import write

    for path in write(options.root):
        say(path)
    return 0


def serve_(options: argparse.Namespace) -> int:
    prepare()
    from console.serve import serve

    return serve(options.port or int(config.get("CONSOLE_PORT")))


def job_(options: argparse.Namespace) -> int:
    from console.learning.jobs import run

    return run(options.number)
