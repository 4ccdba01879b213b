"""Makes room: compresses and removes old logs, compresses old papers of the day, archives old answers.

It exists so that the disk of a NAS nobody looks after is not full one night; what no verified archive has is never touched.
"""

from __future__ import annotations

from typing import Any, Dict, List

from nas.running import BROKEN, Outcome, Turn
from shared import clock
from shared.errors import RelayError
from shared.outcome import FAILED

_SHOWN = 3


def run(turn: Turn) -> Outcome:
    """Logs and papers first; then `archive`, which needs the share."""
    from nas.pruning import due_in, prune
    from shared.disk import Disk

    disk = Disk(turn.settings.durable)
    due = due_in(disk, turn.settings, turn.at.astimezone(clock.KST).date())
    if turn.is_dry:
        return _would_do(turn, due)
    done = prune(disk, turn.settings, due, turn.at)
    facts = {"compressed": len(done.compressed), "removed": len(done.removed), "unkept": len(done.unkept), "odd": len(done.odd)}
    try:
        put = _put_away(turn)
    except (RelayError, OSError) as error:
        if not done.odd:
            raise
        return _ended(facts, [*done.odd, str(error)])
    return _ended({**facts, "archived": len(put.archived), "refused": len(put.refused)}, [*done.odd, *sorted(put.refused)])


def _put_away(turn: Turn) -> Any:
    from nas.archive import put_away, would_put_away
    from nas.desk import open_desk

    days = turn.settings.archive_days
    return would_put_away(open_desk(), days) if turn.is_dry else put_away(open_desk(), days, False)


def _would_do(turn: Turn, due: List[Any]) -> Outcome:
    """A share or an archive that is away is said, and the rest is listed."""
    listed = {"compress": [str(one.path) for one in due if not one.is_over]}
    listed.update(remove=[str(one.path) for one in due if one.is_over], archive=[])
    why = ""
    try:
        listed.update(archive=_put_away(turn).archived)
    except (RelayError, OSError) as error:
        why = str(error)
    _show(listed, turn.options.json)
    return Outcome(facts={f"would_{name}": len(names) for name, names in listed.items()}, why=why, document=listed)


def _ended(facts: Dict[str, Any], odd: List[str]) -> Outcome:
    if not odd:
        return Outcome(facts=facts)
    why = f"{len(odd)} could not be put away, like {'; '.join(odd[:_SHOWN])}"
    return Outcome(BROKEN, FAILED, why, "look at these files; nothing of them was removed", "E-BACKUP", facts)


def _show(listed: Dict[str, List[str]], as_json: bool) -> None:
    for doing, names in listed.items() if not as_json else ():
        print("\n".join(f"{doing} {name}" for name in names) or f"{doing} -")
