"""Asks for the backtests of the day: `configs/requests/*.yaml`, each once.

It exists so that every evening's results can be compared with the evening's before, whoever starts it how often.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Dict, List

from nas.desk import Desk, open_desk, open_desk_to_submit
from nas.full_disk import on_disk
from nas.running import BROKEN, Outcome, Turn, skipped
from shared.error_names import line_of
from shared.errors import RelayError, SettingInvalid, ShareUnreachable, UsageWrong, nearest
from shared.outcome import FAILED


def add_options(parser: argparse.ArgumentParser) -> None:
    """One of them alone."""
    parser.add_argument("--only", metavar="NAME", help="only this one, as its file is called")


def run(turn: Turn) -> Outcome:
    """Each is asked; one that is wrong keeps none of the others from being asked."""
    from nas.asking import question_files

    if not turn.settings.requests.is_dir():
        fix = "correct the setting requests, or make the folder"
        raise SettingInvalid(f"reading the requests in {turn.settings.requests}", "there is no such folder", fix)
    files = question_files(turn.settings.requests)
    only = turn.options.only
    if only is not None and only not in files:
        raise UsageWrong(f"asking for {only!r}", f"{turn.settings.requests} has no such file", nearest(only, files))
    chosen = {only: files[only]} if only else files
    return _ask_all(turn, chosen) if chosen else skipped(f"there is no request in {turn.settings.requests}")


def _ask_all(turn: Turn, files: Dict[str, Path]) -> Outcome:
    from nas.asking import ALREADY, ASKED, CHANGED, session_of
    from shared.krx_calendar import open_calendar

    desk = open_desk() if turn.is_dry else open_desk_to_submit()
    day = session_of(open_calendar(turn.settings.data), turn.at)
    counts, wrong = dict.fromkeys((ASKED, ALREADY, CHANGED), 0), []
    for name, file in files.items():
        try:
            counts[_asked(turn, desk, file, day)] += 1
        except ShareUnreachable:
            raise
        except RelayError as error:
            wrong.append(error)
            print(line_of(error, turn.settings.language, name), file=sys.stderr)
    return _outcome({"day": str(day), **counts, "refused": len(wrong)}, wrong)


def _asked(turn: Turn, desk: Desk, file: Path, day: date) -> str:
    from nas.asking import ALREADY, ASKED, ask_once, id_on, read_question, would_ask

    question = read_question(file)
    fix = "make room there, or mount it; the next start asks for what is missing"
    with on_disk(f"asking for {question.name!r} in {desk.inbox.root}", fix):
        found = (would_ask if turn.is_dry else ask_once)(desk, question, file, day)
    log = turn.log.about(request=id_on(question.name, day))
    if found == ASKED and not turn.is_dry:
        log.info("REQUEST_SUBMITTED", strategy=question.content["strategy"])
    elif found not in (ASKED, ALREADY):
        log.warning("REQUEST_ASKED_OTHERWISE", file=file, fix="it is asked in its new words tomorrow")
    return found


def _outcome(facts: Dict[str, object], wrong: List[RelayError]) -> Outcome:
    if not wrong:
        return Outcome(facts=facts)
    why = "; ".join(error.in_short for error in wrong)
    return Outcome(BROKEN, FAILED, why, wrong[0].fix, wrong[0].code, facts)
