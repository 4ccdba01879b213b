"""`pc ingest` and `pc precache`: this machine fetches prices, where it is the side that does.

It exists so that the commands of both machines take one road, and help loads nothing of it.
"""

from __future__ import annotations

import argparse

SIDE = "pc"


def ingest(options: argparse.Namespace) -> int:
    """Bring the prices up to date."""
    from shared.market.ingest import ingest_now

    return ingest_now(options, SIDE)


def precache(options: argparse.Namespace) -> int:
    """The benchmarks before the open."""
    from shared.market.ingest import precache_now

    return precache_now(options, SIDE)
