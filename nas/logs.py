"""`logs`: what happened, in order of time: of a day, of a job, or of one request across both machines.

It exists so that "what became of it" is one command at night, and not five files on two machines.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Iterable, List, Optional

from nas.desk import Desk, open_desk
from nas.find import resolve
from nas.logbook import PRINTED, Book, Line, Wanted, jobs_in, lines_of_answer, merged
from outbox import Kept, is_answered, kept
from shared import clock
from shared.closing import closing
from shared.config import load
from shared.errors import RelayError, nearest
from shared.one_line import clean_lines, json_line, one_line
from shared.outcome import OK

_CALM = 0.3


class Sought:
    """The one request that is followed, and its answer. Where the share is away, what the logs have is told all the same."""

    def __init__(self, wanted: Optional[str]) -> None:
        self.request = wanted
        self.trouble: Optional[RelayError] = None
        self.answer: Optional[Kept] = None
        self._desk: Optional[Desk] = None
        if wanted is not None:
            self._find(wanted)

    @property
    def standing(self) -> Optional[str]:
        """How its request stands, for the closing line."""
        if self.request is None or self.trouble:
            return None
        return str(self.answer.manifest["status"]) if self.answer else "OPEN"

    def told(self, known: List[Line]) -> List[Line]:
        """What its answer tells that is not known yet; once."""
        if self._desk is None or self.answer or not is_answered(self._desk.outbox, str(self.request)):
            return []
        try:
            self.answer = kept(self._desk.outbox, self._desk.settings.archive, str(self.request), (PRINTED,))
        except RelayError as error:
            self.trouble, self._desk = error, None
            return []
        return lines_of_answer(self.answer, known)

    def _find(self, wanted: str) -> None:
        try:
            desk = open_desk()
            self.request = resolve(desk, wanted)
            self._desk = desk
        except RelayError as error:
            self.trouble = error


def logs(options: argparse.Namespace) -> int:
    """The lines there are; with --follow also those to come, until Ctrl-C."""
    began, settings, sought = time.monotonic(), load(), Sought(options.request)
    book = Book(settings.logs, _wanted(options, sought.request), options.follow)
    known: List[Line] = []
    try:
        shown = _show(book, sought, known, options.json)
        while options.follow:
            time.sleep(_CALM)
            _show(book, sought, known, options.json)
    except KeyboardInterrupt:
        return OK
    if sought.trouble and not shown:
        raise sought.trouble
    _say_what_is_missing(book, sought)
    _say_whose_there_are(settings.logs, options.job)
    end = closing("OK", {"lines": shown, "answer": sought.standing}, time.monotonic() - began)
    print(one_line(end), file=sys.stderr if options.json else sys.stdout)
    return OK


def _wanted(options: argparse.Namespace, request: Optional[str]) -> Wanted:
    """A request's lines are of any day; without one it is today's, and with --follow those of the days to come too."""
    day = options.day or (None if request else clock.now().date())
    return Wanted(request, options.job, day, None if options.follow and not options.day else day)


def _show(book: Book, sought: Sought, known: List[Line], as_json: bool) -> int:
    """How many. Of one request all are at hand, as its answer's stand among them; of a day they may be millions."""
    if sought.request is None:
        return sum(_print(book.news(), as_json) for _ in range(2))  # again: what was rolled while it was read
    new = [*book.news(), *book.news()]
    known += new
    return _print(merged(new, sought.told(known)), as_json)


def _print(lines: Iterable[Line], as_json: bool) -> int:
    count = 0
    for line in lines:
        print(json_line(line.as_dict()) if as_json else line.text)
        count += 1
    sys.stdout.flush()
    return count


def _say_whose_there_are(folder: Path, job: Optional[str]) -> None:
    """Of a job nobody has a log of: no lines would look as if it had been quiet."""
    known = jobs_in(folder)
    if job and job not in known:
        print(one_line(f"no log of {job!r} in {folder}; {nearest(job, known)}"), file=sys.stderr)


def _say_what_is_missing(book: Book, sought: Sought) -> None:
    for name, why in sorted(book.unread.items()):
        print(one_line(f"{name} could not be read to its end: {why}"), file=sys.stderr)
    if sought.trouble:
        print(clean_lines(f"[{sought.trouble.code}] {sought.trouble}"), file=sys.stderr)
