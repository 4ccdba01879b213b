"""`python -m pc`: the commands of the machine that runs backtests.

It exists so that help is one page that starts with examples, and so that nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from shared.command import main_of, with_examples

EXAMPLES = {
    "watch": """
  python -m pc watch                         run for ever: pick up requests as they arrive""",
    "drain": """
  python -m pc drain                         take all that waits now, then leave (same as: python -m pc.worker --once)""",
    "run": """
  python -m pc run request.json --out out/   run one request file without the queue""",
    "new-strategy": """
  python -m pc new-strategy my_idea          write a working strategy and its test""",
    "bench": """
  python -m pc bench queue                   measure the queue on this machine""",
}


def parser() -> argparse.ArgumentParser:
    """Every command and option."""
    top = with_examples(argparse.ArgumentParser, "".join(EXAMPLES.values()), prog="python -m pc")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in (("watch", "work for ever"), ("drain", "take all that waits now, then leave")):
        one = with_examples(commands.add_parser, EXAMPLES[name], name, help=text)
        one.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")
        one.set_defaults(act=_work)
    run = commands.add_parser(
        "run", help="run one request file without the queue", description="run one request file without the queue"
    )
    run.add_argument("file", help="a request, as it would lie in pending")
    run.add_argument("--out", default="out", help="folder for the answer (default: out)")
    run.add_argument("--json", action="store_true", help="the manifest on stdout")
    run.set_defaults(act=_run)
    new = commands.add_parser(
        "new-strategy", help="write a working strategy and its test", description="write a working strategy and its test"
    )
    new.add_argument("name", help="lower case, digits and _")
    new.add_argument("--json", action="store_true", help="the files written, as JSON on stdout")
    new.set_defaults(act=_new_strategy)
    bench = commands.add_parser(
        "bench", help="measure this machine", description="measure this machine; docs/benchmarks.md explains the rows"
    )
    bench.add_argument("table", help="queue")
    bench.add_argument("--json", action="store_true", help="the figures as JSON on stdout")
    bench.add_argument("--only", default="", help="rows whose name contains this")
    bench.add_argument("--folder", default="", help="a folder on the disk to measure (default: under the data folder)")
    bench.set_defaults(act=_bench)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one command."""
    return main_of(parser(), arguments)


def _work(options: argparse.Namespace) -> int:
    from pc.service import serve
    from shared.config import load

    return serve(load(), once=options.command == "drain", as_json=options.json)


def _run(options: argparse.Namespace) -> int:
    from pc.by_hand import run_file

    return run_file(options.file, options.out, options.json)


def _new_strategy(options: argparse.Namespace) -> int:
    from pc.new_strategy import write_strategy

    return write_strategy(options.name, options.json)


def _bench(options: argparse.Namespace) -> int:
    from pc.bench import run_table

    return run_table(options.table, options.json, options.only, options.folder)


if __name__ == "__main__":
    sys.exit(main())
