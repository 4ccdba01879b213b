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
from pc.keeper import Keeper, open_keeper
from pc.launchers import Launcher
from pc.porter import LAST, Porter, open_porter
from pc.worker import Worker
from shared.command import main_of, with_examples
from shared.config import Settings, load, may_make_reports
from shared.events import Hears, Log
from shared.log_line import line
from shared.metrics import note
from shared.notices import Post, hears, open_post, send_due

EXAMPLES = """
  python -m pc.worker                        run for ever, as `python -m pc watch` does
  python -m pc.worker --once                 take all that waits now, then leave, as `python -m pc drain` does"""
_LEFT_AT_ONCE = 130
_SENDING_SECONDS = 5.0  # of a drain, at its end


def serve(settings: Settings, once: bool, as_json: bool = False) -> int:
    """Drain, or watch for ever; the exit code."""
    from pc.launchers.processes import open_launcher

    keeper = open_keeper(os.environ, settings.language)
    post, porter = open_post(settings), open_porter(settings)
    log = Log(settings.log_of("pc"), hears=_hears(settings, post, porter))
    desk = open_desk(settings, log)
    if may_make_reports():
        make_inbox(desk.inbox)
    launcher = open_launcher(desk)
    worker = Worker(desk, launcher)
    told = _on_signals(lambda: _stop(worker, porter if once else None), lambda: _end_at_once(launcher, porter))
    rc = _drain(worker, post, porter, told) if once else _watch(worker, keeper, post, porter)
    if as_json:
        print(json.dumps({"rc": rc, "answered": sum(worker.statuses.values()), "statuses": dict(worker.statuses)}))
    return rc


def _drain(worker: Worker, post: Post, porter: Porter | None, told: list[int]) -> int:
    """Requests are fetched first and answers sent last, where that is ours to do; that it failed takes nothing back."""
    seconds = worker.desk.settings.carry_seconds
    try:
        if porter:
            porter.carry(seconds, aloud=True)
        return worker.drain()
    finally:
        if porter:
            porter.leave(LAST if told else seconds)
        send_due(post, _SENDING_SECONDS)


def _watch(worker: Worker, keeper: Keeper, post: Post, porter: Porter | None) -> int:
    """The bell before the porter: what it brings is heard."""
    inbox, log = worker.desk.inbox, worker.desk.log
    bell, courier = Bell(inbox.pending, inbox.running, log), Courier(post)
    if porter:
        porter.start()
    try:
        return worker.watch(bell, keeper)
    finally:
        bell.silence()
        if porter:
            porter.leave()
        courier.leave()


def _hears(settings: Settings, post: Post, porter: Porter | None) -> Hears:
    """What a line of the log sets going: a notice, a round of sync, a measurement."""
    tell = hears(post)

    def hear(level: str, event: str, facts: dict[str, object]) -> None:
        tell(level, event, facts)
        if event == "RESULT_SEALED":
            note(settings.logs, "run_seconds", float(str(facts["elapsed_ms"])) / 1000, status=facts["status"])
        if porter:
            porter.hear(event)

    return hear


def _stop(worker: Worker, porter: Porter | None) -> None:
    """A drain that waits for a network waits no longer."""
    worker.stop()
    if porter:
        porter.cut()


def _end_at_once(launcher: Launcher, porter: Porter | None) -> None:
    launcher.close()
    if porter:
        porter.cut()


def main() -> int:
    """`python -m pc.worker [--once] [--json]`: as the old runbooks call it."""
    parser = with_examples(argparse.ArgumentParser, EXAMPLES, prog="python -m pc.worker")
    parser.add_argument("--once", action="store_true", help="take all that waits now, then leave (default: run for ever)")
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")
    parser.set_defaults(examples={"pc.worker": EXAMPLES}, act=lambda options: serve(load(), options.once, options.json))
    return main_of(parser, None)


def _on_signals(stop: Callable[[], None], kill_children: Callable[[], None]) -> list[int]:
    """The signals that came; more come while it is kept."""
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
    return asked
