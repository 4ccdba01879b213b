"""What may be said to `submit`.

It exists so that the page of all commands stays one page.
"""

from __future__ import annotations

import argparse
from typing import Any, Callable


def add_submit_options(submit: argparse.ArgumentParser) -> None:
    """The strategy, its words, and the terms of the run."""
    add = submit.add_argument
    add("strategy", help="as `list strategies` names it")
    add("--start", metavar="DAY", help="first day, like 2020-01-01 (default: all there is)")
    add("--end", metavar="DAY", help="last day")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the strategy; may be repeated")
    add("--symbols", help='tickers, like "069500,229200"')
    add("--universe", help="a list of tickers by name, as `list universes` names it")
    add("--benchmarks", help='names, like "KOSPI,S&P500"')
    add("--required", help="names that must be there, or the answer is SKIPPED")
    _terms_options(add)
    add("--priority", type=int, help="0 to 9, 9 first (default 5)")
    add("--not-before", metavar="MOMENT", help="do not run earlier, like 2026-11-20T18:00+09:00")
    add("--expires-at", metavar="MOMENT", help="not worth running later")
    add("--timeout-seconds", type=float, metavar="S", help="time limit of the run")
    add("--memory-mb", type=int, metavar="MB", help="memory limit of the run")
    add("--max-attempts", type=int, metavar="N", help="give up after N workers died over it (default 3)")
    add("--label", action="append", default=[], metavar="NAME=VALUE", help="your own mark; may be repeated")
    charts = submit.add_mutually_exclusive_group().add_argument
    charts("--no-charts", action="store_true", help="draw no picture")
    charts("--all-charts", action="store_true", help="draw falls, cumulative return, fills and round trips too")
    add("--id", metavar="ID", help="an id of your own: submitting it twice asks once")
    add("--unchecked", action="store_true", help="the strategy is only on the PC: do not check it here")
    add("--wait", action="store_true", help="wait for the answer")
    add("--timeout", type=_seconds, metavar="S", help="with --wait: how long (default 600)")


def _terms_options(add: Callable[..., Any]) -> None:
    add("--capital", type=int, metavar="WON", help="starting capital in won")
    add("--execution", help="next_open, next_close or same_close")
    add("--cost", action="append", default=[], metavar="NAME=VALUE", help="like commission_bps=1.5; may be repeated")
    add("--rule", action="append", default=[], metavar="NAME=VALUE", help="like stop_loss=0.1; may be repeated")
    add("--fresh", action="store_true", help="compute it anew, though the same was answered before")


def _seconds(text: str) -> float:
    """A number of seconds; `nan` would be waited for for ever."""
    seconds = float(text)
    if not seconds >= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds
