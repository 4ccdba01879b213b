"""The comparison of two answers: a verdict, the figures over the days both have, and what differs between what went in.

It exists so that the command, the manifest's `previous` and whoever guards a nightly run judge by one function, which prints
nothing and reads nothing.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from outbox.curves import DECIDING, FIGURES, Figures, Off, Track, figures_of, over_both, parting, tracks_of
from outbox.input_changes import Changes, changes_between, part, symbols_of

SAME, DRIFT, REGRESSION, IMPROVED, NOT_COMPARABLE = "SAME", "DRIFT", "REGRESSION", "IMPROVED", "NOT COMPARABLE"
VERDICTS = (SAME, DRIFT, REGRESSION, IMPROVED, NOT_COMPARABLE)
TOLERANCES: Dict[str, float] = dict.fromkeys(FIGURES, 1e-4)  # relative to the first answer's
ON_ANY_DAY = 1e-4  # of the curve
NOTHING = 1e-12  # a difference smaller than this is none, also beside a figure that is 0
_HAIR = 1 + 1e-9  # 1.0001 is not beyond 1e-4 of 1, whatever the last digit says


class Side(NamedTuple):
    """An answer as it is compared: its manifest, and the two tables where they are there."""

    manifest: Mapping[str, Any]
    curve: bytes = b""
    trades: Optional[bytes] = None


class Reason(NamedTuple):
    """Why two answers are not compared: status, strategy, made_up, symbols, curve, days or start; and what each of them says."""

    kind: str
    a: Any
    b: Any


class Days(NamedTuple):
    """The days both have, and how many only one of them has."""

    first: str
    last: str
    n: int
    only_a: int
    only_b: int


class Figure(NamedTuple):
    """One figure of both over these days, and the difference; None where there is none."""

    a: Optional[float]
    b: Optional[float]
    change: Optional[float]


class Comparison(NamedTuple):
    """The verdict and all it rests on. `hint`: looks_ahead or not_repeatable, where nothing that went in explains the numbers."""

    verdict: str
    reason: Optional[Reason]
    days: Optional[Days]
    figures: Dict[str, Figure]
    worse: List[str]
    better: List[str]
    curve: Optional[Off]
    hint: Optional[str]
    changed: Changes

    def as_dict(self) -> Dict[str, Any]:
        """For JSON: every value of it by its name."""
        told = {name: _named(value) for name, value in self._asdict().items()}
        return {**told, "figures": {name: one._asdict() for name, one in self.figures.items()}}


class _Seen(NamedTuple):
    """The curves of both over the days both have."""

    a: Track
    b: Track
    days: Days


def compare(a: Side, b: Side) -> Comparison:
    """How `b` stands to `a`."""
    changed = changes_between(a.manifest, b.manifest)
    reason = _reason(a.manifest, b.manifest)
    tracks = tracks_of(a.curve, b.curve)
    seen = _seen(*tracks)
    if seen is None:
        reason = reason or _no_days(*tracks)
        return Comparison(NOT_COMPARABLE, reason, None, {}, [], [], None, None, changed)
    off = parting(seen.a, seen.b)
    figures = _figures(seen, off is None)
    figures["trades"] = _figure(_trades(a.trades, seen.days.last), _trades(b.trades, seen.days.last))
    reason = reason or _other_start(a.manifest, b.manifest)
    if reason:
        return Comparison(NOT_COMPARABLE, reason, seen.days, figures, [], [], off, None, changed)
    return _judged(Comparison(SAME, None, seen.days, figures, [], [], off, None, changed))


def _judged(found: Comparison) -> Comparison:
    """Equal inputs must give equal numbers. Changed code or parameters make them better or worse, and any that is worse
    decides; whatever else makes other numbers is drift."""
    worse, better = ([name for name in DECIDING if _is_beyond(name, found.figures[name], way)] for way in (-1, 1))
    found = found._replace(worse=worse, better=better)
    if (found.changed.parameters or found.changed.code) and (worse or better):
        return found._replace(verdict=REGRESSION if worse else IMPROVED)
    hint = _hint(found)
    return found._replace(verdict=DRIFT if hint or _has_moved(found) else SAME, hint=hint)


def _hint(found: Comparison) -> Optional[str]:
    """What it is if no input explains it: numbers of days before any price that changed, or numbers where nothing did."""
    changed = found.changed
    if found.curve is None or changed.parameters or changed.code or changed.environment or changed.provider:
        return None
    if changed.since is None:
        return "looks_ahead" if changed.period else "not_repeatable"
    return "looks_ahead" if found.curve.first < changed.since else None


def _has_moved(found: Comparison) -> bool:
    is_off = found.curve is not None and found.curve.largest > ON_ANY_DAY * _HAIR
    return is_off or any(_is_beyond(name, found.figures[name], way) for name in TOLERANCES for way in (-1, 1))


def _is_beyond(name: str, figure: Figure, way: int) -> bool:
    """Whether it went that way by more than its tolerance; beside a figure of 0 every difference is."""
    if figure.change is None or figure.a is None or abs(figure.change) <= NOTHING:
        return False
    return figure.change * way > TOLERANCES[name] * abs(figure.a) * _HAIR


def _reason(a: Mapping[str, Any], b: Mapping[str, Any]) -> Optional[Reason]:
    """What forbids it before any number is looked at."""
    asked = [
        Reason("status", a.get("status"), b.get("status")),
        Reason("strategy", a.get("strategy"), b.get("strategy")),
        Reason("made_up", *(part(one, "data").get("synthetic") for one in (a, b))),
    ]
    for reason in asked:
        if reason.a != reason.b or (reason.kind == "status" and reason.a != "SUCCEEDED"):
            return reason
    mine, theirs = symbols_of(a), symbols_of(b)
    return Reason("symbols", mine, theirs) if mine and theirs and not set(mine) & set(theirs) else None


def _no_days(a: Optional[Track], b: Optional[Track]) -> Reason:
    if a is None or b is None:
        return Reason("curve", a is not None, b is not None)
    return Reason("days", *(f"{track.days[0]} to {track.days[-1]}" for track in (a, b)))


def _other_start(a: Mapping[str, Any], b: Mapping[str, Any]) -> Optional[Reason]:
    """Whoever began on another day had other money on the first common one: what follows is no matter of code or prices."""
    starts = [part(part(one, "period"), "used").get("start") for one in (a, b)]
    return Reason("start", *starts) if starts[0] != starts[1] else None


def _seen(a: Optional[Track], b: Optional[Track]) -> Optional[_Seen]:
    """None where a curve is missing, or no day is common."""
    if a is None or b is None:
        return None
    ours, theirs = over_both(a, b)
    days = ours.days
    if not days:
        return None
    return _Seen(ours, theirs, Days(days[0], days[-1], len(days), len(a.days) - len(days), len(b.days) - len(days)))


def _figures(seen: _Seen, are_one: bool) -> Dict[str, Figure]:
    ours = figures_of(seen.a)
    theirs: Figures = ours if are_one and seen.a.start == seen.b.start else figures_of(seen.b)
    return {name: _figure(ours[name], theirs[name]) for name in FIGURES}


def _figure(a: Optional[float], b: Optional[float]) -> Figure:
    return Figure(a, b, None if a is None or b is None else b - a)


def _trades(table: Optional[bytes], last: str) -> Optional[int]:
    """How many fills there were up to that day; None where the table is not there."""
    if table is None:
        return None
    days = (line[:10] for line in table.decode("utf-8-sig", "replace").splitlines()[1:])
    return sum(1 for day in days if day and day <= last)


def _named(value: Any) -> Any:
    """A value of names and numbers as JSON says it."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _named(one) for name, one in value._asdict().items()}
    return [_named(one) for one in value] if isinstance(value, list) else value
