"""Looks at git, disk, today's jobs, errors, locks, the PC, the sync, notices and the last backup.

It exists so that what nobody else tells, a job that never started or a disk that fills, is told once, with the remedy.
"""

from __future__ import annotations

from nas.running import BROKEN, Outcome, Turn
from shared.found import BAD, WARN
from shared.outcome import FAILED

_NAME = "healthcheck"


def run(turn: Turn) -> Outcome:
    """0 where all is well or only wants an eye, 1 where something is broken: then one notice has the list."""
    from nas.desk import see_desk
    from nas.health import as_data, bring_news, examined, shown

    language = turn.settings.language
    sections = examined(see_desk(), turn.at, but=_NAME)
    if not turn.options.json:
        print(shown(sections, language))
    found = [one for section in sections for one in section.found]
    broken = [one for one in found if one.verdict == BAD]
    facts = {"checks": len(found), "warnings": sum(one.verdict == WARN for one in found), "bad": len(broken)}
    told = True if turn.is_dry else bring_news(turn.settings, found, turn.at)
    outcome = Outcome(facts=facts, told=told, document={"sections": as_data(sections, language)})
    if not broken:
        return outcome
    why = "; ".join(one.said.in_language(language) for one in broken)
    fix = "python -m nas run healthcheck"
    return outcome._replace(word=BROKEN, rc=FAILED, why=why, fix=fix)
