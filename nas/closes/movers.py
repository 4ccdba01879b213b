"""Who moved most, who is covered, and who is not an ordinary close: what a report says of the closes, as figures.

It exists so that text, Slack and JSON show the same figures, and no change is counted that is none.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from nas.closes.close import Close

MARKET = ("KOSPI", "069500")  # the index; where its own close is not there, the ETF that follows it
ODD = ("jump", "halted", "old", "stands_in", "missing", "unavailable", "new")


class Movers(NamedTuple):
    """`up` and `down`: the most first, at most `top_n` of each that moved by `least` or more (None: however little).
    `covered`: whose change is known."""

    up: Tuple[Close, ...]
    down: Tuple[Close, ...]
    covered: Tuple[Close, ...]
    odd: Dict[str, List[Close]]
    top_n: int
    least: Optional[float]

    @property
    def mean(self) -> Optional[float]:
        """Of all known changes."""
        return sum(map(_change, self.covered)) / len(self.covered) if self.covered else None


def movers(rows: Sequence[Close], top_n: int, least: Optional[float] = None) -> Movers:
    """Of these rows; ties go by code."""
    covered = tuple(row for row in rows if row.change is not None)
    rising = sorted(covered, key=lambda row: (-_change(row), row.code))
    falling = sorted(covered, key=lambda row: (_change(row), row.code))
    up = [row for row in rising if _change(row) > 0 and _at_least(row, least)]
    down = [row for row in falling if _change(row) < 0 and _at_least(row, least)]
    return Movers(tuple(up[:top_n]), tuple(down[:top_n]), covered, odd_ones(rows), top_n, least)


def odd_ones(rows: Sequence[Close]) -> Dict[str, List[Close]]:
    """By what is odd, who: an ordinary close without one before it is `new`, one too far from that a `jump`."""
    found: Dict[str, List[Close]] = {kind: [] for kind in ODD}
    for row in rows:
        kind = row.flag.partition(":")[0] or ("jump" if row.jumps else "new" if row.before is None else "")
        if kind:
            found[kind].append(row)
    return {kind: those for kind, those in found.items() if those}


def market_of(rows: Sequence[Close]) -> Optional[Close]:
    """What stands for the market; None where nothing does today."""
    known = {row.code: row for row in rows if row.change is not None}
    return next((known[code] for code in MARKET if code in known), None)


def _change(row: Close) -> float:
    assert row.change is not None
    return row.change


def _at_least(row: Close, least: Optional[float]) -> bool:
    return least is None or abs(_change(row)) >= least - 1e-12  # 100.3 of 100 is 0.3 %, whatever a binary fraction makes of it
