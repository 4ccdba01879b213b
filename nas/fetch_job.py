"""Fetching prices as a job: only on the side that fetches, an outage told apart from a fault, and told by the fetching itself.

It exists so that `ingest_eod` and `precache` end alike, and what went wrong is one notice and not two.
"""

from __future__ import annotations

import argparse
import traceback
from typing import Callable

from nas.ingest import SIDE
from nas.running import BROKEN, Outcome, Turn, of_command, of_error, skipped
from shared.cache import PricesBusy, PricesNotOurs, may_fetch
from shared.command import named
from shared.disk import Disk
from shared.errors import RelayError, SettingInvalid, UniverseUnknown, in_words
from shared.krx_calendar import expected_session, open_calendar
from shared.outcome import FAILED

_REPORT = "its traceback is in the job's log: keep it and report it"


def fetched(turn: Turn, fetch: Callable[[argparse.Namespace], int]) -> Outcome:
    """Of this command of ours: 0, or 2 where something is older than it could be and what there is, is used."""
    refusal = may_fetch(Disk(turn.settings.durable), turn.settings, SIDE)
    if isinstance(refusal, PricesNotOurs):
        return skipped(refusal.in_short, refusal.code)
    if refusal:
        raise refusal
    return _would_fetch(turn) if turn.is_dry else _done(turn, fetch)


def _done(turn: Turn, fetch: Callable[[argparse.Namespace], int]) -> Outcome:
    try:
        return of_command(fetch(turn.options), told=True)
    except PricesBusy as busy:
        return skipped(busy.in_short, busy.code)
    except (SettingInvalid, UniverseUnknown):  # a slip of a person's: nobody was told of it
        raise
    except (RelayError, OSError) as error:
        return of_error(named(error))._replace(told=True)
    except Exception as error:  # a fault of ours becomes the job's outcome; INGEST_FAILED has told it
        traceback.print_exc()
        return Outcome(BROKEN, FAILED, in_words(error), _REPORT, "E-JOB-FAULT", told=True)


def _would_fetch(turn: Turn) -> Outcome:
    """Which session; nobody is asked for a price."""
    day = expected_session(open_calendar(turn.settings.data), turn.at, getattr(turn.options, "date", None))
    return Outcome(facts={"day": day, "side": SIDE})
