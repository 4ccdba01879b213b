"""A program's events: each a line of one shape, to standard error and, where set, to a file.

It exists so that one grep finds an event on every machine, and whoever else should hear of it does.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Callable, Dict, Optional

from shared import clock
from shared.log_file import append
from shared.log_line import line

Hears = Callable[[str, str, Dict[str, object]], None]


class Log:
    """Where a program's events go. `hears` is told each of them as well: level, event, facts."""

    def __init__(self, file: Optional[Path] = None, quiet: bool = False, hears: Optional[Hears] = None) -> None:
        self._file, self._quiet = file, quiet  # the file's name may hold the day, as strftime writes it
        self._hears = hears
        self._about: Dict[str, object] = {}

    def info(self, event: str, **facts: object) -> None:
        """Something went as it should."""
        self._write("INFO", event, facts)

    def warning(self, event: str, **facts: object) -> None:
        """Something needs an eye, not a hand."""
        self._write("WARNING", event, facts)

    def error(self, event: str, **facts: object) -> None:
        """Something failed."""
        self._write("ERROR", event, facts)

    def unwritten(self) -> "Log":
        """One that writes nothing, and is heard as this one: for what the log has said already."""
        return Log(quiet=True, hears=self._hears).about(**self._about)

    def about(self, **facts: object) -> "Log":
        """The same of one thing: these facts come first in every line of it, and whoever hears a line is told them."""
        log = Log(self._file, self._quiet, self._hears)
        log._about = {**self._about, **{name: fact for name, fact in facts.items() if fact is not None}}
        return log

    def _write(self, level: str, event: str, facts: "dict[str, object]") -> None:
        facts = {**self._about, **facts}
        self._tell(level, event, facts)
        if self._hears is not None:
            self._hears(level, event, facts)

    def _tell(self, level: str, event: str, facts: "dict[str, object]") -> None:
        if self._quiet and self._file is None:
            return
        moment = clock.now()  # one for the line and its file: at midnight too
        text = line(level, event, facts, moment)
        if not self._quiet:
            with contextlib.suppress(OSError, ValueError):  # nobody reads it any more: the terminal is gone, the pipe closed
                print(text, file=sys.stderr, flush=True)
        if self._file is not None:
            append(self._file, text, moment)
