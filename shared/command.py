"""Running one command: its error as a sentence and an exit code, never a traceback at a person.

It exists so that `python -m nas` and `python -m pc` end alike.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any, Callable, Mapping, Optional, Sequence, Tuple

from shared.errors import PackageMissing, RelayError, ShareUnreachable
from shared.outcome import INTERRUPTED, OK, USAGE

Act = Callable[[argparse.Namespace], int]
MakeCommand = Callable[[str, str, Act], argparse.ArgumentParser]
_OURS = ("inbox", "nas", "outbox", "pc", "shared")


def main_of(parser: argparse.ArgumentParser, arguments: Optional[Sequence[str]]) -> int:
    """Parse, act, and turn what goes wrong into text on stderr and an exit code."""
    try:
        options = parser.parse_args(arguments)
    except SystemExit as leaving:
        return _misused(parser, arguments) if leaving.code == 2 else int(leaving.code or 0)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that knows no Hangul shows `?`
    try:
        rc = int(options.act(options))
        sys.stdout.flush()
        return rc
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return OK
    except (RelayError, ModuleNotFoundError, OSError) as error:
        return _tell(_named(error), options)


def commands_of(prog: str, examples: Mapping[str, str]) -> Tuple[argparse.ArgumentParser, MakeCommand]:
    """The parser of a program and what adds a command to it; every command has its examples and `--json`."""
    top = with_examples(argparse.ArgumentParser, "".join(examples.values()), prog=prog)
    top.set_defaults(examples=examples)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str, act: Act) -> argparse.ArgumentParser:
        one = with_examples(commands.add_parser, examples[name], name, help=text)
        one.add_argument("--json", action="store_true", help="for machines: JSON on stdout")
        one.set_defaults(act=act)
        return one

    return top, command


def with_examples(
    make: Callable[..., argparse.ArgumentParser], examples: str, *words: str, **more: Any
) -> argparse.ArgumentParser:
    """A parser whose help starts with examples: that is what most people look for."""
    text = f"examples:{examples}"
    return make(*words, description=text, formatter_class=argparse.RawDescriptionHelpFormatter, **more)


def _misused(parser: argparse.ArgumentParser, arguments: Optional[Sequence[str]]) -> int:
    """What is wrong has been said; how it is done right, an example says best: the command's own where one was named."""
    known: Mapping[str, str] = parser.get_default("examples") or {}
    meant = [name for name in (sys.argv[1:] if arguments is None else arguments) if name in known][:1]
    print(f"examples:{''.join(known[name] for name in meant or known)}", file=sys.stderr)
    return USAGE


def _named(error: Exception) -> RelayError:
    """What went wrong as one of our errors; a missing module of ours is a bug, and stays one."""
    if isinstance(error, RelayError):
        return error
    if isinstance(error, OSError):
        found = error.strerror or type(error).__name__
        return ShareUnreachable(f"using {error.filename or 'a folder'}", found, "mount it, make room, or mend permissions")
    if isinstance(error, ModuleNotFoundError) and error.name not in _OURS:
        fix = "use the Python of .venv, or install requirements/nas.txt or pc.txt with this one"
        return PackageMissing(f"this Python ({sys.executable}) has no {error.name}", fix=fix)
    raise error


def _tell(error: RelayError, options: argparse.Namespace) -> int:
    print(f"[{error.code}] {error}", file=sys.stderr)
    if getattr(options, "json", False):
        print(json.dumps({"error": error.as_dict()}, ensure_ascii=False))
    return error.exit_code
