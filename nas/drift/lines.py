"""A comparison in the words of the earlier one: its report, and the notice where something drifted.

It exists so that whoever reads those lines, a person or a script, goes on reading them; the figures are over the days both have.
"""

from __future__ import annotations

import hashlib
import math
from datetime import date
from typing import List, NamedTuple

from outbox import CURVE, DRIFT, NOT_COMPARABLE, REGRESSION, Comparison, Kept, causes_in_words, verdict_in_words
from shared.notices import Notice, event_name

_CALLED = {"Final_Return": "Final_Return", "CAGR": "CAGR_like", "MDD": "MDD"}
_TOLERANCE = 1e-4
_MOST_CAUSES = 5


class Pair(NamedTuple):
    """Two answers of one strategy; `b` is judged by `a`."""

    strategy: str
    a: Kept
    b: Kept
    found: Comparison

    @property
    def ids(self) -> "tuple[str, str]":
        """What they are called."""
        return self.a.folder.name, self.b.folder.name

    @property
    def is_made_up(self) -> bool:
        """Whether one of them is of synthetic prices: that is nobody's news."""
        return any((one.manifest.get("data") or {}).get("synthetic") for one in (self.a, self.b))


def has_drifted(found: Comparison) -> bool:
    """Other numbers over the same days, or worse ones."""
    return found.verdict in (DRIFT, REGRESSION)


def lines_of(pair: Pair, language: str) -> List[str]:
    """The report; below the earlier lines what they could not say: why."""
    found = pair.found
    result = "DRIFT" if has_drifted(found) else "SKIP" if found.verdict == NOT_COMPARABLE else "OK"
    return [
        f"[COMPARE] A(baseline)={pair.a.folder}",
        f"[COMPARE] B(candidate)={pair.b.folder}",
        f" - hash_equal: {_hash(pair.a) == _hash(pair.b)}",
        *(f" - {called} rel_diff: {_relative(found, name)} (tol={_TOLERANCE:g})" for name, called in _CALLED.items()),
        f"[RESULT] {result}",
        f" - {verdict_in_words(found, language)}",
        *causes_in_words(found, language),
    ]


def notice_of(pair: Pair, day: date, language: str) -> Notice:
    """Both with their figures; told twice, it is told once."""
    lines = [f"[DRIFT] {pair.strategy} @ {day}"]
    for name, one in zip("AB", (pair.a, pair.b)):
        lines += [f"{name}: {one.folder.name}", f"   {_figures(pair.found, name.lower())}"]
    return Notice(
        event="BACKTEST_DRIFTED",
        level="WARNING",
        title=f"{event_name('BACKTEST_DRIFTED', language)}: {pair.strategy}",
        cause=verdict_in_words(pair.found, language),
        day=f"{day}",
        identity=f"drift {pair.strategy} {' '.join(pair.ids)}",
        opening="\n".join(lines),
        remarks=tuple(line.strip() for line in causes_in_words(pair.found, language)[:_MOST_CAUSES]),
        fix=f"python -m nas compare {' '.join(pair.ids)}",
        about=pair.ids[1],
        synthetic=pair.is_made_up,
    )


def _figures(found: Comparison, side: str) -> str:
    values = {called.split("_")[0]: getattr(found.figures.get(name), side, None) for name, called in _CALLED.items()}
    return ", ".join(f"{name}={'-' if value is None else format(value, '.4f')}" for name, value in values.items())


def _relative(found: Comparison, name: str) -> str:
    """|a-b| / |a|, as the earlier comparison had it."""
    figure = found.figures.get(name)
    if figure is None or figure.a is None or figure.b is None:
        return "-"
    if figure.a == figure.b:
        return "0"
    return f"{abs(figure.a - figure.b) / abs(figure.a) if figure.a else math.inf:.6g}"


def _hash(one: Kept) -> str:
    return hashlib.sha256(one.files.get(CURVE, b"")).hexdigest()
