"""What was odd about the prices of a run, in the words of its reader: warnings by name, the rest counted.

It exists so that whoever reads a number reads beside it what is to be doubted about the prices it was made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pc.report.labels import label
from pc.report.layout import wrapped
from shared.market import sentence
from shared.text import few_of

_MOST = 20  # of them by name
_MARKS = {"WARNING": "  [WARN] ", "ERROR": "  [ERROR] "}


def quality(findings: Sequence[Mapping[str, Any]], language: str) -> list[str]:
    """Errors first, one line for all of whom the same is so; of a hundred the first twenty, and how many more there are."""
    named = sorted((one for one in _together(findings) if one["severity"] in _MARKS), key=lambda one: str(one["severity"]))
    lines = [line for one in named[:_MOST] for line in wrapped(sentence(one, language), _MARKS[one["severity"]], 9)]
    if len(named) > _MOST:
        lines.append(f"  {label('quality_more', language).format(len(named) - _MOST)}")
    rest = Counter(str(one["code"]) for one in findings if one["severity"] not in _MARKS)
    if rest:
        codes = ", ".join(f"{code} {count}" for code, count in sorted(rest.items()))
        lines += wrapped(label("quality_info", language).format(sum(rest.values()), codes), "  ", 9)
    return lines


def _together(findings: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Findings that differ by nothing but their symbol as one."""
    alike: dict[str, list[Mapping[str, Any]]] = {}
    for one in findings:
        alike.setdefault(repr({**one, "symbol": "", "text": str(one["text"]).replace(str(one["symbol"]), "")}), []).append(one)
    for same in alike.values():
        yield {**same[0], "symbol": few_of([str(one["symbol"]) for one in same])}
