"""`metrics`: what is measured now and was noted today, as Prometheus reads it.

It exists so that a dashboard needs no program of ours running: cron writes the page, a collector picks it up.
"""

from __future__ import annotations

import argparse
import sys
import time

from nas.gauge import exposition, measured, noted_today
from shared import clock
from shared.closing import closing, put
from shared.config import load
from shared.outcome import OK


def metrics(options: argparse.Namespace) -> int:
    """The page on standard output, where nothing else may be."""
    began, settings = time.monotonic(), load()
    families = [*measured(settings), *noted_today(settings.logs, clock.now().date())]
    if options.json:
        put({one.name: {"type": one.kind, "samples": [sample._asdict() for sample in one.samples]} for one in families})
    else:
        print(exposition(families), end="")
    facts = {"families": sum(1 for one in families if one.samples)}
    print(closing("OK", facts, time.monotonic() - began), file=sys.stderr)
    return OK
