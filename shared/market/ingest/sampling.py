"""A sample of each day's prices held against another provider's.

It exists because whoever is asked first is believed: a few symbols a day, by turns, a second one is asked what he has.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from shared.market.asking import ProviderFaulty, nature_of
from shared.market.cache import Span
from shared.market.ingest.found import Found
from shared.market.ingest.series import Desk, Wanted
from shared.market.ingest.sources import Step
from shared.market.outage import ExternalDataUnavailable
from shared.market.quality import Finding, disagreement

SAMPLED = 5  # instruments a day
_BACK = timedelta(days=14)


def disagreements(founds: Iterable[Found], desk: Desk, wanted: Wanted) -> Iterator[Finding]:
    """Of the sample whose turn it is, those on which two providers differ. One that cannot be asked is no finding."""
    pairs = [(found, other) for found in founds if found.is_new and found.state == "current" and (other := another(found))]
    turn = wanted.until.toordinal() * SAMPLED
    for place in range(min(SAMPLED, len(pairs))):
        found, other = pairs[(turn + place) % len(pairs)]
        odd = _compared(found, other, desk, wanted)
        if odd:
            yield replace(odd, symbol=found.instrument)


def another(found: Found) -> Step | None:
    """Who is asked next after the one whose prices are used, and has them from elsewhere."""
    assert found.used is not None
    others = [step for step in found.steps if not nature_of(step.provider).is_local and not step.stands_in]
    others = [step for step in others if nature_of(step.provider).source != nature_of(found.used.provider).source]
    return None if found.used.stands_in or found.used.path else next(iter(others), None)


def _compared(found: Found, other: Step, desk: Desk, wanted: Wanted) -> Finding | None:
    assert found.used is not None
    began, span = time.monotonic(), Span(wanted.until - _BACK, wanted.until)
    ours = desk.cache.bars(found.used.provider, found.used.symbol)
    try:
        theirs = desk.askers.ask(other.provider, other.symbol, span)
    except (ExternalDataUnavailable, ProviderFaulty):  # the second is kept among the faults
        return None
    odd = disagreement(ours, theirs, theirs.dates.tolist()) if ours else None
    elapsed = (time.monotonic() - began) * 1000
    facts = {"symbol": found.instrument, "provider": found.used.provider, "other": other.provider, "elapsed_ms": elapsed}
    desk.log.info("PRICES_COMPARED", **facts, why=odd.text if odd else None)
    return odd
