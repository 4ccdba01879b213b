"""Brings prices up to the last session that is over: `python -m nas ingest` as a job.

It exists so that the side that fetches has the day's closes before the reports are made of them.
"""

from __future__ import annotations

import argparse

from nas.running import Outcome, Turn
from shared import clock
from shared.ingest_options import add_ingest_options
from shared.krx_calendar import expected_session, open_calendar


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those of the command."""
    add_ingest_options(parser)


def run(turn: Turn) -> Outcome:
    """Fetched, checked, sealed, and the closes laid out; it tells by itself what is lacking."""
    from nas.fetch_job import fetched
    from nas.ingest import ingest

    if turn.options.date is None and turn.at.date() < clock.now().date():
        turn.options.date = expected_session(open_calendar(turn.settings.data), turn.at)  # for the evening it is told to be
    return fetched(turn, ingest)
