"""What may follow `notify` on both machines.

It exists beside the notices and not among them so that the help of a program loads none of them.
"""

from __future__ import annotations

import argparse

ACTIONS = ("send", "test", "digest", "status")


def add_notify_options(parser: argparse.ArgumentParser) -> None:
    """The action, and what may be said with it."""
    add = parser.add_argument
    add("what", choices=ACTIONS, help="send what waits · try every way out · sum up the day · show what waits")
    add("title", nargs="?", default="", help="with send: tell this first, in a few words")
    add("--level", default="INFO", choices=("INFO", "WARNING", "ERROR"), help="with send (default INFO)")
    add("--event", default="NOTICE_TOLD", help="with send: which event it is (default NOTICE_TOLD)")
    add("--cause", default="", help="with send: why, in one sentence")
    add("--fix", default="", help="with send: what to do")
    add("--key", default="", help="with send: which incident; the same again is counted on one message")
    add("--recovers", action="store_true", help="with send: the incident of that event and key is over")
    add("--day", default="", metavar="DAY", help="the day it is about, like 2026-11-20 (default: today)")
    add("--seconds", type=float, default=20.0, metavar="S", help="send for at most so long (default 20)")
