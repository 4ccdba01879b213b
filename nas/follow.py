"""Watching the folder for a person: `submit --wait` and `status --follow`.

It exists so that a terminal shows a moving bar, and a log file or pipe gets one plain line per change.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Callable, List, Optional

import inbox
from nas.desk import Desk
from nas.labels import word
from nas.status import answer_line, is_alive, lines, look, run_line, short_answer, workers
from outbox import is_answered
from shared.errors import StillWaiting
from shared.outcome import FAILED, STATUSES, exit_code

_QUICK, _CALM = 0.05, 0.5


def wait_for(desk: Desk, request_id: str, timeout: float, as_json: bool) -> int:
    """Until the answer is there; StillWaiting after `timeout` seconds. The answer's exit code."""
    deadline = time.monotonic() + timeout
    with _Shown(sys.stderr) as shown:
        pause = _QUICK
        while not is_answered(desk.outbox, request_id):
            if time.monotonic() > deadline:
                fix = f"it goes on: `python -m nas show {request_id}`"
                raise StillWaiting(f"waiting for {request_id!r}", f"no answer within {timeout:g} s", fix)
            shown.now([_where(desk, request_id)])
            time.sleep(pause)
            pause = min(_CALM, pause * 1.3)
    answer = short_answer(desk, request_id)
    print(json.dumps(answer, ensure_ascii=False) if as_json else answer_line(answer, desk.settings.language))
    return exit_code([str(answer["status"])]) if answer["status"] in STATUSES else FAILED


def follow(desk: Desk, as_json: bool) -> int:
    """Until Ctrl-C."""
    with _Shown(sys.stdout) as shown:
        try:
            while True:
                found = look(desk)
                shown.now([json.dumps(found, ensure_ascii=False)] if as_json else lines(found, desk.settings.language))
                time.sleep(_CALM)
        except KeyboardInterrupt:
            return 0


def _where(desk: Desk, request_id: str) -> str:
    language, found = desk.settings.language, workers(desk)
    run = next((run for worker in found for run in worker["runs"] if run["request_id"] == request_id), None)
    if run:
        return run_line(run, language)
    paused = inbox.paused_because(desk.inbox)
    hints = [f"{word('paused', language)}: {paused}"] if paused else []
    if not any(is_alive(worker) for worker in found):
        hints.append(word("no_worker", language))
    hint = f"  ({' · '.join(hints)})" if hints else ""
    return f"{word('pending', language)}  {request_id}{hint}"


class _Shown:
    """Lines that change in place on a terminal, and are printed when they changed elsewhere."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._last: Optional[List[str]] = None
        self._live: Any = None
        self._text: Callable[[str], Any] = str

    def __enter__(self) -> "_Shown":
        if self._stream.isatty():
            from rich.console import Console
            from rich.live import Live
            from rich.text import Text

            self._text = Text
            self._live = Live(console=Console(file=self._stream), auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def now(self, shown: List[str]) -> None:
        """Show these lines."""
        if self._live is not None:
            self._live.update(self._text("\n".join(shown)), refresh=True)
        elif shown != self._last:
            print("\n".join(shown), file=self._stream, flush=True)
        self._last = shown
