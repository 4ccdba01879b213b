"""`nas ingest` and `nas precache`: the NAS fetches prices, where it is the side that does and has a Python for it.

It exists so that the commands of both machines take one road; a NAS on Python 3.8 is told what it lacks.
"""

from __future__ import annotations

import argparse
import sys

from shared.errors import PackageMissing

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
    if sys.version_info < (3, 11):
        found = f"this is {sys.version.split()[0]}"
        fix = "use a Python 3.11 with requirements/market.txt on this NAS, or let the PC fetch (prices_from: pc)"
        raise PackageMissing("fetching prices needs Python 3.11", found, fix)
