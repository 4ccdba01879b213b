"""One screen of what healthcheck found, in numbered sections as the earlier one had them; and the same for programs.

It exists so that a person who looks at eight in the morning reads it from top to bottom in half a minute.
"""

from __future__ import annotations

from typing import Any, Dict, List

from nas.health.examining import Section
from nas.health.own import MISSED
from nas.health.words import name_of, say
from shared.found import BAD, OK, WARN, Found
from shared.masking import masked
from shared.one_line import clean_lines

_SIGNS = {OK: "OK", WARN: "WARN", BAD: "BAD"}


def shown(sections: List[Section], language: str) -> str:
    """`[3] Today's jobs`, ` - OK: …`, ` - MISS: …`, and below what is wrong what to do."""
    lines: List[str] = []
    for number, section in enumerate(sections, 1):
        lines.append(f"[{number}] {say(section.name).in_language(language)}")
        lines += [line for one in section.found for line in _lines(one, section.is_list, language)]
    return clean_lines(masked("\n".join(lines)))


def as_data(sections: List[Section], language: str) -> Dict[str, Any]:
    """By section, each finding as doctor has them."""
    found = {section.name: [one.as_data(language) for one in section.found] for section in sections}
    return {name: [{key: masked(text) for key, text in one.items()} for one in data] for name, data in found.items()}


def _lines(one: Found, is_list: bool, language: str) -> List[str]:
    name = "" if is_list else f"{name_of(one.check, language)}: "
    fix = one.fix.in_language(language) if one.verdict != OK else ""
    return [f" - {_sign(one)}: {name}{one.said.in_language(language)}", *([f"     → {fix}"] if fix else [])]


def _sign(one: Found) -> str:
    """A job that was not started is a MISS, as it always was."""
    return "MISS" if one.check.startswith(f"{MISSED} ") else _SIGNS[one.verdict]
