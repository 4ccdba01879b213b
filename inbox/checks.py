"""How the queue's own folders are: who works, what waits for nobody, what was left behind.

It exists so that doctor tells on both machines what only the room of the requests can read.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

from inbox import names
from inbox.claim_files import claimed_ids, highest_attempt
from inbox.folders import Inbox, folders_of, is_there, paused_at, paused_because
from inbox.ids import without_conflict
from inbox.liveness import server_now
from inbox.sign import Sign, claimed_at, incarnations, sign_of
from shared import clock, machine
from shared.errors import in_words
from shared.found import BAD, OK, WARN, Check, Found, worst
from shared.other_room import Answers
from shared.probe import sweep
from shared.sayings import say
from shared.surroundings import clock_difference
from shared.text import Text
from shared.version import PROTOCOL, version

_HOUR = 3600.0
_SHOWN = 3


class _Crew(NamedTuple):
    """The workers with a folder: who lives, who is dead, and who has been for longer than an hour."""

    living: Dict[str, Sign]
    dead: List[str]
    long_dead: List[str]
    now: Optional[float]


def queue_checks(inbox: Inbox, lease: float, answers: Answers) -> Dict[str, Check]:
    """All of a share that is there, by name, in the order they are told."""
    return {
        "clock": lambda: clock_difference(lambda: server_now(inbox)),
        "workers": lambda: workers(inbox, lease),
        "versions": lambda: versions(inbox, lease),
        "waiting": lambda: unattended(inbox, lease),
        "litter": lambda: litter(inbox, lease, answers),
        "conflicts": lambda: conflicts(inbox, answers),
    }


def share(inbox: Inbox) -> Found:
    """Whether the reports folder is there: an unmounted share looks like an empty folder."""
    try:
        there = is_there(inbox)
    except OSError as error:
        return Found("share", BAD, say("share_refuses", path=inbox.root, why=in_words(error)), say("share_fix"))
    if there:
        return Found("share", OK, say("share_there", path=inbox.root))
    return Found("share", BAD, say("share_away", path=inbox.root), say("share_fix"))


def workers(inbox: Inbox, lease: float) -> Found:
    """Who lives, and when each was seen last."""
    crew = _crew(inbox, lease)
    if crew.now is None:
        there = ", ".join(sorted(sign.worker for sign in crew.living.values()))
        return Found("workers", WARN, say("workers_unknown", names=there or "-"))
    seen = [say("worker", worker=sign.worker, age=clock.age(crew.now - sign.seen)) for sign in crew.living.values()]
    seen += [say("worker_dead", worker=names.worker_of(name)) for name in crew.dead]
    return worst([Found("workers", OK, said) for said in seen] or [Found("workers", OK, say("workers_none"))], "workers")


def has_living_worker(inbox: Inbox, lease: float) -> bool:
    """Whether anybody is there to take a request."""
    return bool(_crew(inbox, lease).living)


def versions(inbox: Inbox, lease: float) -> Found:
    """Whether the living workers are of our version, and speak our protocol."""
    found = [_compared(sign) for sign in _crew(inbox, lease).living.values()]
    ours = Found("versions", OK, say("versions_ok", version=version(), protocol=PROTOCOL))
    return worst([ours, *(one for one in found if one)], "versions")


def unattended(inbox: Inbox, lease: float) -> Found:
    """Whether what waits will be taken: nothing is paused, and somebody is there to take it."""
    crew = _crew(inbox, lease)
    count = _ready(inbox, crew.now)
    reason = paused_because(inbox)
    if reason is not None:
        since = clock.age((crew.now or 0.0) - (paused_at(inbox) or 0.0)) if crew.now else "?"
        return Found("waiting", WARN, say("paused", age=since, reason=reason), say("paused_fix"))
    if count and not crew.living:
        return Found("waiting", WARN, say("waiting_alone", count=count), say("waiting_fix"))
    return Found("waiting", OK, say("waiting_ok", count=count))


def litter(inbox: Inbox, lease: float, answers: Answers) -> Found:
    """What has lain there for longer than an hour and helps nobody: workers sweep sooner, where one works. What a killed
    doctor left is no word worth: it is swept."""
    crew = _crew(inbox, lease)
    if crew.now is not None:
        sweep(inbox.disk, [*folders_of(inbox), *answers.folders], crew.now)
    now = crew.now or 0.0
    claims = [one for one in claimed_ids(inbox) if answers.is_answered(one) and _is_old(_newest_claim(inbox, one), now)]
    drafts = [one for one in answers.drafts() if answers.is_answered(one)] if not crew.living else []
    counts = {"litter_dead": len(crew.long_dead), "litter_claims": len(claims), "litter_drafts": len(drafts)}
    found = [_litter(say(key, count=count), say("litter_fix")) for key, count in counts.items() if count]
    old = _old_temporaries(inbox, now, answers.done)
    if old:
        paths = " ".join(str(path) for path in old[:_SHOWN])
        found.append(_litter(say("litter_temporaries", count=len(old)), say("litter_temporaries_fix", paths=paths)))
    kept = len(inbox.disk.names(answers.aside))
    if kept:
        found.append(_litter(say("litter_aside", count=kept), say("litter_aside_fix", path=answers.aside)))
    return worst(found or [Found("litter", OK, say("litter_ok"))], "litter")


def conflicts(inbox: Inbox, answers: Answers) -> Found:
    """Copies a sync tool made because two machines wrote the same name: it must not touch these folders."""
    folders = (inbox.pending, inbox.claims, inbox.running, answers.done)
    found = sorted(name for folder in folders for name in inbox.disk.names(folder) if _is_conflict(name))
    if not found:
        return Found("conflicts", OK, say("conflicts_ok"))
    said = say("conflicts_there", count=len(found), names=", ".join(found[:_SHOWN]))
    return Found("conflicts", WARN, said, say("conflicts_fix", root=inbox.root))


def _crew(inbox: Inbox, lease: float) -> _Crew:
    now = server_now(inbox)
    found = [(name, sign_of(inbox, name)) for name in sorted(incarnations(inbox))]
    signs = {name: sign for name, sign in found if sign}
    dead = [name for name, sign in signs.items() if _is_dead(sign, now, lease)]
    long_dead = [name for name in dead if _is_old(signs[name].seen, now or 0.0)]
    return _Crew({name: sign for name, sign in signs.items() if name not in dead}, dead, long_dead, now)


def _is_dead(sign: Sign, now: Optional[float], lease: float) -> bool:
    return machine.is_gone(sign.process) or (now is not None and now - sign.seen > (sign.lease or lease))


def _compared(sign: Sign) -> Optional[Found]:
    if not sign.version:
        return Found("versions", WARN, say("version_old", worker=sign.worker), say("version_fix"))
    if sign.protocol != PROTOCOL:
        said = say("protocol_other", worker=sign.worker, theirs=sign.protocol, ours=PROTOCOL)
        return Found("versions", BAD, said, say("version_fix"))
    if sign.version != version():
        said = say("version_other", worker=sign.worker, theirs=sign.version, ours=version())
        return Found("versions", WARN, said, say("version_fix"))
    return None


def _ready(inbox: Inbox, now: Optional[float]) -> int:
    """How many requests could be taken now, by their names."""
    places = [names.place_of(name) for name in inbox.disk.names(inbox.pending) if names.is_request(name)]
    return sum(not place.not_before or now is None or clock.seconds_of(place.not_before) <= now for place in places)


def _newest_claim(inbox: Inbox, request_id: str) -> float:
    return claimed_at(inbox, request_id, highest_attempt(inbox, request_id)) or 0.0


def _old_temporaries(inbox: Inbox, now: float, done: Path) -> List[Path]:
    folders = (inbox.root, inbox.pending, inbox.claims, inbox.running, done)
    found = [folder / name for folder in folders for name in inbox.disk.names(folder) if name.endswith(".tmp")]
    return [path for path in found if _is_old(_changed(inbox, path, now), now)]


def _changed(inbox: Inbox, path: Path, now: float) -> float:
    with contextlib.suppress(FileNotFoundError):
        return inbox.disk.mtime(path)
    return now


def _is_old(moment: float, now: float) -> bool:
    return now - moment > _HOUR


def _is_conflict(name: str) -> bool:
    stem = name[: -len(names.JSON)] if name.endswith(names.JSON) else name
    return without_conflict(stem) != stem


def _litter(said: Text, fix: Text) -> Found:
    return Found("litter", WARN, said, fix)
