"""Shows every verified answer once: `python -m nas publish` as a job.

It exists so that the scheduler starts it as every job, and what it refuses is told by whoever knows the answer.
"""

from __future__ import annotations

from nas.running import Outcome, Turn, of_command


def run(turn: Turn) -> Outcome:
    """What came since the last time; it tells by itself what it refuses."""
    from nas.publish import publish

    return _would_show(turn) if turn.is_dry else of_command(publish(turn.options), told=True)


def _would_show(turn: Turn) -> Outcome:
    from nas.desk import open_desk
    from nas.marks import open_marks, published_ids
    from outbox import answers

    desk = open_desk()
    marks = open_marks(turn.settings.reports, desk.own)
    new = sorted(set(answers(desk.outbox)) - set(published_ids(marks) if marks.files.exists(marks.published) else ()))
    return Outcome(facts={"new": len(new), "first": new[0] if new else None})
