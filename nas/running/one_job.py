"""A job of ours in the process the runner started for it: its options read, its `run` called, its outcome told in a file.

It exists so that whatever a job does to its process, the runner is another one; and types, not words, say how it ended.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Sequence

from nas.running.outcome import BROKEN, Outcome, of_error, put_outcome
from nas.running.policy import JOBS
from nas.running.turn import Turn
from shared.catalog import Catalog
from shared.closing import close
from shared.command import main_of, named, print_error
from shared.config import load
from shared.errors import RelayError, in_words
from shared.events import Log
from shared.outcome import FAILED, OK


def options_of(part: ModuleType, job: str) -> argparse.ArgumentParser:
    """What may be said to it after `--`."""
    parser = argparse.ArgumentParser(prog=f"python -m nas run {job} --", description=(part.__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="for machines: JSON on stdout")
    getattr(part, "add_options", _nothing)(parser)
    parser.add_argument("--outcome", type=Path, required=True, help=argparse.SUPPRESS)
    return parser


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    job, at, way, *words = arguments
    part = Catalog(JOBS).load(job)
    parser = options_of(part, job)
    parser.set_defaults(act=lambda options: _act(part, options, datetime.fromisoformat(at), way == "dry"))
    return main_of(parser, words)


def _act(part: ModuleType, options: argparse.Namespace, at: datetime, is_dry: bool) -> int:
    began, outcome = time.monotonic(), _outcome_of(part, options, at, is_dry)
    if outcome.facts or is_dry:  # a command that has its own closing line counts nothing here
        word = "DRY" if is_dry and outcome.rc == OK else outcome.word
        facts = {**outcome.facts, "why": outcome.why or None}
        close(word, facts, time.monotonic() - began, {**facts, **outcome.document} if options.json else None)
    put_outcome(options.outcome, outcome)
    return outcome.rc


def _outcome_of(part: ModuleType, options: argparse.Namespace, at: datetime, is_dry: bool) -> Outcome:
    """What it says; an error of ours is its outcome too, and any other is a fault with its traceback."""
    try:
        outcome: Outcome = part.run(Turn(load(), at, Log(), options, is_dry))
        return outcome
    except (RelayError, OSError) as error:  # a full disk, a share that is gone: operational, and no fault of the job's
        known = named(error)
        print_error(known)
        return of_error(known)
    except Exception as error:  # a fault of the job's own becomes its outcome
        traceback.print_exc()
        return Outcome(BROKEN, FAILED, in_words(error), "its traceback is in the job's log: keep it and report it", "E-JOB-FAULT")


def _nothing(_: argparse.ArgumentParser) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
