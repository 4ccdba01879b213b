"""Fetches the benchmarks before the open, after a random wait: `python -m nas precache` as a job.

It exists so that what every run compares with is there when the day begins, and not everybody asks at the same second.
"""

from __future__ import annotations

import argparse

from nas.running import Outcome, Turn
from shared import clock
from shared.ingest_options import add_precache_options
from shared.krx_calendar import expected_session, open_calendar


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those of the command."""
    add_precache_options(parser)


def run(turn: Turn) -> Outcome:
    """Each benchmark within its limit of time; it tells by itself what is lacking."""
    from nas.fetch_job import fetched
    from nas.ingest import precache

    if turn.at.date() < clock.now().date():
        turn.options.date = expected_session(open_calendar(turn.settings.data), turn.at)  # for the morning it is told to be
    return fetched(turn, precache)
