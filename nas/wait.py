"""`submit --wait`: the way of one request to its answer, shown while it goes on.

It exists so that a person sees a moving bar, a log one line per change, and whoever stops waiting where to look later.
"""

from __future__ import annotations

import sys
import time
from typing import Iterator

from nas.desk import Desk
from nas.labels import word
from nas.screen import Screen
from nas.seen import AnswerSeen, answered, waiting_request, where
from nas.wording import answer_line, where_lines
from outbox import is_answered
from shared.errors import StillWaiting
from shared.one_line import json_line
from shared.outcome import FAILED, INTERRUPTED, STATUSES, exit_code

_QUICK, _CALM = 0.05, 0.5


def wait_for(desk: Desk, request_id: str, timeout: float, as_json: bool) -> int:
    """Until the answer is there, whose exit code it is; StillWaiting after `timeout` seconds, INTERRUPTED on Ctrl-C."""
    try:
        _wait(desk, request_id, timeout)
    except KeyboardInterrupt:
        print(word("goes_on", desk.settings.language).format(request_id), file=sys.stderr)
        return INTERRUPTED
    answer = answered(desk, request_id)
    print(json_line(answer._asdict()) if as_json else _told(answer, desk.settings.language))
    return exit_code([answer.status]) if answer.status in STATUSES else FAILED


def _told(answer: AnswerSeen, language: str) -> str:
    """The answer, and where the rest of it is."""
    return f"{answer_line(answer, language)}\n  {word('look_at', language).format(answer.request_id)}"


def _wait(desk: Desk, request_id: str, timeout: float) -> None:
    waiting, pauses = waiting_request(desk, request_id), _pauses(request_id, timeout)
    with Screen(sys.stderr) as screen:
        while not is_answered(desk.outbox, request_id):
            screen.now(where_lines(where(desk, waiting), desk.settings.language))
            time.sleep(next(pauses))


def _pauses(request_id: str, timeout: float) -> Iterator[float]:
    """Between two looks: short at first, for most answers come at once; StillWaiting once the time is over."""
    deadline, pause = time.monotonic() + timeout, _QUICK
    while time.monotonic() <= deadline:
        yield pause
        pause = min(_CALM, pause * 1.3)
    fix = f"it goes on: `python -m nas show {request_id}`"
    raise StillWaiting(f"waiting for {request_id!r}", f"no answer within {timeout:g} s", fix)
