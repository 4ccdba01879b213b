"""Sums up the day in one line, and a line of each strategy: all quiet, or what wants a hand.

It exists because silence may mean that all is well or that nothing works; jobs that never began are in it too.
"""

from __future__ import annotations

from nas.full_disk import on_disk
from nas.running import Outcome, Turn
from shared import clock

_NAME = "daily_summary"
_SECONDS = 20.0


def run(turn: Turn) -> Outcome:
    """Told once a day for what it says; where there is more to say later that day, it is told anew."""
    from nas.day import besides
    from nas.notify import is_whole_here
    from shared.notices import digest_of, open_post, send_due, tell

    post, day = open_post(turn.settings), f"{turn.at.astimezone(clock.KST):%Y-%m-%d}"
    notice = digest_of(post, day, is_whole_here, besides(turn.settings, turn.at, _NAME))
    if not turn.options.json:
        print("\n".join([notice.summary, *(f" - {name}: {said}" for name, said in notice.facts.items()), *notice.remarks]))
    document = {"line": notice.summary, "strategies": notice.facts, "remarks": list(notice.remarks)}
    facts = {"day": day, "strategies": len(notice.facts), "remarks": len(notice.remarks)}
    if turn.is_dry:
        return Outcome(facts=facts, document=document)
    with on_disk(f"keeping the notice in {post.folder}"):
        is_new = tell(post, notice.model_copy(update={"logged": True}))  # it is printed: a console has no need to say it again
    send_due(post, _SECONDS)
    return Outcome(facts={**facts, "told": "yes" if is_new else "before"}, document=document)
