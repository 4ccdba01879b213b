"""Carries requests out and answers home: `python -m nas sync` as a job.

It exists so that the scheduler starts it as every job, and an incident of the road stays one.
"""

from __future__ import annotations

from nas.running import Outcome, Turn, of_command


def run(turn: Turn) -> Outcome:
    """One round; it tells by itself what goes wrong."""
    from nas.sync import sync

    if turn.is_dry:
        return _would_carry(turn)
    return of_command(sync(turn.options), told=True)


def _would_carry(turn: Turn) -> Outcome:
    from inbox import requests_by_id
    from nas.desk import open_desk

    desk = open_desk()
    facts = {"waiting": len(requests_by_id(desk.inbox)), "carrier": turn.settings.carrier, "there": turn.settings.there or "-"}
    return Outcome(facts=facts)
