"""Fetches the benchmarks before the open, after a random wait: `python -m nas precache` as a job.

It exists so that what every run compares with is there when the day begins, and not everybody asks at the same second.
"""

from __future__ import annotations

import argparse

from nas.outcome import Outcome
from nas.turn import Turn
from shared.ingest_options import add_precache_options


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those of the command."""
    add_precache_options(parser)


def run(turn: Turn) -> Outcome:
    """Each benchmark within its limit of time; it tells by itself what is lacking."""
    from nas.fetch_job import fetched
    from nas.ingest import precache

    return fetched(turn, precache)
