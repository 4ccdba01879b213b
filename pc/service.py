"""Starting a worker as a program: its launcher, its bell, its signals.

It exists so that Ctrl-C, systemd and the Windows task scheduler all end it the same gentle way, and the second time at once.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
from collections.abc import Callable
from typing import Any

from inbox import make_inbox
from pc.bell import Bell
from pc.courier import Courier
from pc.desk import open_desk
from pc.keeper import open_keeper
from pc.worker import Worker
from shared.command import main_of, with_examples
from shared.config import Settings, load, may_make_reports
from shared.events import Log, line
from shared.notices import hears, open_post, send_due

EXAMPLES = """
  python -m pc.worker                        run for ever, as `python -m pc watch` does
  python -m pc.worker --once                 take all that waits now, then leave, as `python -m pc drain` does"""
_LEFT_AT_ONCE = 130
_SENDING_SECONDS = 5.0  # of a drain, at its end


def serve(settings: Settings, once: bool, as_json: bool = False) -> int:
    """Drain, or watch for ever; the exit code."""
    from pc.launchers.processes import open_launcher

    keeper = open_keeper(os.environ, settings.language)
    post = open_post(settings)
    log = Log(settings.logs / "pc-%Y-%m-%d.log", hears=hears(post))
    desk = open_desk(settings, log)
    if may_make_reports():
        make_inbox(desk.inbox)
    launcher = open_launcher(desk)
    bell = None if once else Bell(desk.inbox.pending, desk.inbox.running, log)
    worker = Worker(desk, launcher)
    courier = None if once else Courier(post)
    _on_signals(worker.stop, launcher.close)
    try:
        rc = worker.drain() if once else worker.watch(bell, keeper)
    finally:
        if bell:
            bell.silence()
        if courier:
            courier.leave()
        else:
            send_due(post, _SENDING_SECONDS)
    if as_json:
        print(json.dumps({"rc": rc, "answered": sum(worker.statuses.values()), "statuses": dict(worker.statuses)}))
    return rc


def main() -> int:
    """`python -m pc.worker [--once] [--json]`: as the old runbooks call it."""
    parser = with_examples(argparse.ArgumentParser, EXAMPLES, prog="python -m pc.worker")
    parser.add_argument("--once", action="store_true", help="take all that waits now, then leave (default: run for ever)")
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")
    parser.set_defaults(examples={"pc.worker": EXAMPLES}, act=lambda options: serve(load(), options.once, options.json))
    return main_of(parser, None)


def _on_signals(stop: Callable[[], None], kill_children: Callable[[], None]) -> None:
    asked: list[int] = []

    def answer(number: int, frame: Any) -> None:
        if asked:
            kill_children()
            os._exit(_LEFT_AT_ONCE)
        asked.append(number)
        # Not print: the signal may have come in the middle of one, and its buffer cannot be entered twice.
        told = line("INFO", "WORKER_STOPPING", {"signal": signal.Signals(number).name, "fix": "once more to leave at once"})
        os.write(2, f"{told}\n".encode())
        stop()

    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), answer)
