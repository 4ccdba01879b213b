"""`nas ingest` and `nas precache`: the NAS fetches prices, where it is the side that does and has a Python for it.

It exists so that the commands of both machines take one road; a NAS on Python 3.8 is told what it lacks.
"""

from __future__ import annotations

import argparse

from nas.newer_python import refuse_old_python

SIDE = "nas"


def ingest(options: argparse.Namespace) -> int:
    """Bring the prices up to date."""
    _refuse_old_python()
    from shared.market.ingest import ingest_now

    return int(ingest_now(options, SIDE))


def precache(options: argparse.Namespace) -> int:
    """The benchmarks before the open."""
    _refuse_old_python()
    from shared.market.ingest import precache_now

    return int(precache_now(options, SIDE))


def _refuse_old_python() -> None:
    refuse_old_python("fetching prices", "let the PC fetch (prices_from: pc)")
