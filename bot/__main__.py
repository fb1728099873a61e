"""The command ``faro``."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from bot import settings
from bot.runtime import blas
from bot.runtime.keys import PARTITIONS

# What `faro run --role` starts -> the module of bot/processes/ that is it.
ROLES = {
    "ingress": "web",
    "web": "web",
    "worker": "worker",
    "sender": "sender",
    "console": "console",
    "watcher": "watcher",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    # Rasa's pinned libraries announce their own future at every start; it is no news for staff.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="Slot auto-fill has been removed")
    blas.know_processor()
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["rasa"]:  # its options are Rasa's own
        from bot.cli.rasa import main as rasa

        return rasa(arguments[1:])
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except settings.SettingError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command speaks to its user
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="faro", description="Faro, the assistant of the campaign")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="start everything on this machine")
    run.add_argument("--role", choices=sorted(ROLES), help="only this process")
    run.add_argument(
        "--workers",
        type=int,
        default=min(os.cpu_count() or 1, PARTITIONS),
        help="how many processes answer (as many as there are cores)",
    )
    run.set_defaults(command=_run)

    train = commands.add_parser("train", help="train the model from data/nlu/")
    train.set_defaults(command=_train)

    ask = commands.add_parser("ask", help="ask a question, as a person on a channel would")
    ask.add_argument("text", nargs="?", help="the question")
    ask.add_argument("--channel", choices=("whatsapp", "sms", "telegram"), default="whatsapp")
    ask.add_argument("--country", help="where the person is and is from, e.g. HN")
    ask.add_argument("--lang", help="the language the person chose, e.g. es")
    ask.add_argument("--json", action="store_true", help="print the result as JSON")
    ask.add_argument("--batch", type=Path, metavar="IN.jsonl", help="one conversation a line")
    ask.add_argument("--out", type=Path, metavar="OUT.jsonl", help="where the results go")
    ask.set_defaults(command=_ask)

    evaluate = commands.add_parser("evaluate", help="measure understanding on labelled files")
    evaluate.add_argument("--test", type=Path, metavar="F.jsonl", help="topics")
    evaluate.add_argument("--crisis", type=Path, metavar="F.jsonl", help="the crisis guards")
    evaluate.add_argument("--train", type=Path, metavar="T.jsonl", help="train on this first")
    evaluate.add_argument("--language", default="", help="of what --train does not say it of")
    evaluate.add_argument("--compare", choices=("vanilla",), help="with Rasa as it comes")
    evaluate.add_argument("--picture", type=Path, metavar="FILE.png", help="what was mixed up")
    evaluate.add_argument("--record", type=Path, metavar="FILE.json", help="for the tests' gate")
    evaluate.add_argument("--out", type=Path, metavar="O.jsonl", help="what each is answered with")
    evaluate.add_argument("--json", action="store_true", help="print the figures as JSON")
    evaluate.set_defaults(command=_evaluate)

    content = commands.add_parser("content", help="check or prepare the content")
    actions = content.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("check", help="list every problem of data/ and locales/")
    check.set_defaults(command=_content_check)
    export = actions.add_parser("export", help="bring locales/ up to date with the Spanish texts")
    export.set_defaults(command=_content_export)

    take = actions.add_parser("import", help="take over a PO file that a translator sent")
    take.add_argument("file", type=Path, metavar="FILE.po")
    take.add_argument("--language", required=True, help="e.g. ht")
    take.set_defaults(command=_content_import)
    stats = actions.add_parser("stats", help="how much each language has")
    stats.add_argument("--picture", type=Path, metavar="FILE.png")
    stats.set_defaults(command=_content_stats)
    publish = actions.add_parser("publish", help="make data/ and locales/ the live release")
    publish.set_defaults(command=_content_publish)

    status = commands.add_parser("status", help="say how a running Faro stands")
    status.add_argument("--json", action="store_true", help="print it as JSON")
    status.set_defaults(command=_status)

    model = commands.add_parser("model", help="list the models, or make one the live one")
    model.add_argument("name", nargs="?", default="", help="a file in models/, or `newest`")
    model.set_defaults(command=_model)

    chaos = commands.add_parser("chaos", help="kill processes while busy; count what gets lost")
    chaos.add_argument("--messages", type=int, default=600, metavar="N")
    chaos.add_argument("--kills", type=int, default=8, metavar="K")
    chaos.add_argument(
        "--outage", type=float, default=0.0, metavar="SECONDS", help="instead, take the store away"
    )
    chaos.add_argument("--workers", type=int, default=2, help="how many processes answer")
    chaos.add_argument("--seed", type=int, help="repeat a run's order of people and kills")
    chaos.add_argument("--json", action="store_true", help="print the result as JSON")
    chaos.set_defaults(command=_chaos)

    facts = commands.add_parser("facts", help="look after the facts and their sources")
    looks = facts.add_subparsers(required=True, metavar="ACTION")
    watch = looks.add_parser("watch", help="look at every source once and show what changed there")
    watch.add_argument("--all", action="store_true", help="show what did not change, too")
    watch.set_defaults(command=_facts_watch)
    due = looks.add_parser("due", help="list the facts that must be checked again")
    due.add_argument("--days", type=int, default=30, help="until so many days from now")
    due.set_defaults(command=_facts_due)
    calls = looks.add_parser("calls", help="list every number that people are given, to try each")
    calls.set_defaults(command=_facts_calls)
    for look in (watch, due, calls):
        look.add_argument("--owner", help="only the facts of this owner, e.g. legal-us")
        look.add_argument("--only", metavar="ID", help="only facts whose id begins so")

    rasa = commands.add_parser("rasa", help="any command of Rasa: train, shell, test, data ...")
    rasa.set_defaults(command=lambda _: 0)
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.role:
        from importlib import import_module

        import_module(f"bot.processes.{ROLES[options.role]}").main()
        return 0
    from bot.processes.supervisor import run

    return run(options.workers)


def _train(_: argparse.Namespace) -> int:
    from bot.cli.train import main as train

    return train()


def _ask(options: argparse.Namespace) -> int:
    from bot.cli.ask import main as ask

    return ask(options)


def _evaluate(options: argparse.Namespace) -> int:
    from bot.cli.evaluate import main as evaluate

    return evaluate(options)


def _status(options: argparse.Namespace) -> int:
    from bot.cli.status import main as status

    return status(options.json)


def _model(options: argparse.Namespace) -> int:
    from bot.cli.model import main as model

    return model(options.name)


def _chaos(options: argparse.Namespace) -> int:
    from bot.cli.chaos import main as chaos

    return chaos(options)


def _content_check(_: argparse.Namespace) -> int:
    from bot.cli.content import check

    return check()


def _facts_watch(options: argparse.Namespace) -> int:
    from bot.cli.facts import look

    return look(options)


def _facts_due(options: argparse.Namespace) -> int:
    from bot.cli.facts import due

    return due(options)


def _facts_calls(options: argparse.Namespace) -> int:
    from bot.cli.facts import calls

    return calls(options)


def _content_export(_: argparse.Namespace) -> int:
    from bot.cli.content import export

    return export()


def _content_import(options: argparse.Namespace) -> int:
    from bot.cli.content import take_in

    return take_in(options.file, options.language)


def _content_stats(options: argparse.Namespace) -> int:
    from bot.cli.content import stats

    return stats(options.picture)


def _content_publish(_: argparse.Namespace) -> int:
    from bot.cli.content import publish

    return publish()


if __name__ == "__main__":
    sys.exit(main())
