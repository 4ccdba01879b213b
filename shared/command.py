"""Running one command: its error as a sentence and an exit code, never a traceback at a person.

It exists so that `python -m nas` and `python -m pc` end alike.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from datetime import date
from typing import Any, Callable, Mapping, Optional, Protocol, Sequence, Tuple

from shared import clock
from shared.errors import PackageMissing, RelayError, ShareUnreachable, UsageWrong, nearest
from shared.one_line import json_line
from shared.outcome import INTERRUPTED, OK

Act = Callable[[argparse.Namespace], int]
Options = Callable[[argparse.ArgumentParser], None]
_OURS = ("inbox", "nas", "outbox", "pc", "shared")


def main_of(parser: argparse.ArgumentParser, arguments: Optional[Sequence[str]]) -> int:
    """Parse, act, and turn what goes wrong into text on stderr and an exit code."""
    # Looking for plugins, pydantic reads what every installed package says of itself, at every start; ours needs none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that knows no Hangul shows `?`
    words, said = sys.argv[1:] if arguments is None else arguments, io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            options = parser.parse_args(words)
    except SystemExit as leaving:
        return _misused(parser, words, said.getvalue()) if leaving.code == 2 else int(leaving.code or 0)
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
        return _tell(named(error), options)


def _open_what_is_closed() -> None:
    """`>&-` leaves no stream at all: what is said there leads nowhere, and no file opened later gets its number."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


class MakeCommand(Protocol):
    """What adds a command to a program."""

    def __call__(self, name: str, text: str, act: Act, options: Optional[Options] = None) -> None:
        """It does `act`, and takes what `options` adds to it."""


def commands_of(prog: str, examples: Mapping[str, str], words: Sequence[str]) -> Tuple[argparse.ArgumentParser, MakeCommand]:
    """The parser of a program and what adds a command to it; every command has its examples and `--json`.

    Of the commands the words name one, and only that is made: cron types one of thirty, every minute."""
    top = with_examples(argparse.ArgumentParser, "".join(examples.values()), prog=prog)
    top.set_defaults(examples=examples)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    typed = set(words[:1]) & set(examples)

    def command(name: str, text: str, act: Act, options: Optional[Options] = None) -> None:
        if typed and name not in typed:
            return
        one = with_examples(commands.add_parser, examples[name], name, help=text)
        one.add_argument("--json", action="store_true", help="for machines: JSON on stdout")
        one.set_defaults(act=act)
        if options:
            options(one)

    return top, command


def with_examples(
    make: Callable[..., argparse.ArgumentParser], examples: str, *words: str, **more: Any
) -> argparse.ArgumentParser:
    """A parser whose help starts with examples: that is what most people look for."""
    text = f"examples:{examples}"
    return make(*words, description=text, formatter_class=argparse.RawDescriptionHelpFormatter, **more)


def past_day(text: str) -> Optional[date]:
    """What is said of a day: one that has been, or None for auto."""
    day = day_or_auto(text)
    if day and day > clock.now().date():
        raise argparse.ArgumentTypeError(f"{text} is yet to come")
    return day


def day_or_auto(text: str) -> Optional[date]:
    """What is said of a day: any one, or None for auto."""
    if text == "auto":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2025-12-10") from None


def _misused(parser: argparse.ArgumentParser, words: Sequence[str], said: str) -> int:
    """What argparse said; how it is done right, an example says best: the command's own where one was named."""
    known: Mapping[str, str] = parser.get_default("examples") or {}
    if known and words and not words[0].startswith("-") and words[0] not in known:
        return _unknown(parser.prog, words, known)
    meant = [name for name in words if name in known][:1]
    examples = "".join(known[name] for name in meant or known)
    print(f"{said}examples:{examples}" if examples else said.rstrip(), file=sys.stderr)
    example = examples.strip().partition("\n")[0].partition("  ")[0]
    fix = f"for example: {example}" if example else f"{parser.prog} --help"
    error = UsageWrong("reading the command", " ".join(said.rpartition("error: ")[2].split()), fix)
    _tell_programs(error, "--json" in words)
    return error.exit_code


def _unknown(prog: str, words: Sequence[str], known: Mapping[str, str]) -> int:
    """One line: all examples below it would push it off the screen."""
    error = UsageWrong("reading the command", f"there is no {words[0]!r}", f"{nearest(words[0], known)}; {prog} --help")
    print_error(error)
    _tell_programs(error, "--json" in words)
    return error.exit_code


def named(error: Exception) -> RelayError:
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
    print_error(error)
    _tell_programs(error, getattr(options, "json", False))
    return error.exit_code


def print_error(error: RelayError) -> None:
    """On standard error, in the language of the settings."""
    from shared.error_names import line_of  # here: cron's minute has no error

    print(line_of(error, _language()), file=sys.stderr)


def _language() -> str:
    """Korean where the settings are what is wrong, or what reads them is missing."""
    try:
        from shared.config import load

        return load().language
    except (RelayError, ModuleNotFoundError, OSError):
        return "ko"


def _tell_programs(error: RelayError, are_asking: bool) -> None:
    if are_asking:
        print(json_line({"error": error.as_dict()}))
